package mansio.codec.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Writes {@link MessageFacts}. Numbers are base-128, least group first, high bit for more; texts
 * are UTF-8 with their length before; an absent text is 0, a present one its length + 1. {@link
 * FactsReader} is the other half: a change here is a new version there.
 */
final class FactsWriter {
    static final int VERSION = 1;
    static final int MULTIPART = 1;
    static final int MESSAGE = 2;
    static final int TEXT = 3;
    static final int BASIC = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    private FactsWriter() {}

    static byte[] write(MessageFacts facts) {
        FactsWriter writer = new FactsWriter();
        writer.number(VERSION);
        writer.number(facts.complete() ? 1 : 0);
        writer.number(facts.size());
        writer.envelope(facts.envelope());
        writer.structure(facts.structure());
        return writer.out.toByteArray();
    }

    private void envelope(Envelope envelope) {
        Envelope.Text text = envelope.text();
        optional(text.date());
        optional(text.subject());
        optional(text.inReplyTo());
        optional(text.messageId());
        Envelope.Addresses addresses = envelope.addresses();
        List<Envelope.Item> from = addresses.origin().from();
        items(from);
        itemsUnlessFrom(addresses.origin().sender(), from);
        itemsUnlessFrom(addresses.origin().replyTo(), from);
        items(addresses.to());
        items(addresses.cc());
        items(addresses.bcc());
    }

    /** 0 for the same as From, which is nearly always so. */
    private void itemsUnlessFrom(List<Envelope.Item> items, List<Envelope.Item> from) {
        boolean same = items.equals(from);
        number(same ? 0 : 1);
        if (!same) {
            items(items);
        }
    }

    private void items(List<Envelope.Item> items) {
        number(items.size());
        for (Envelope.Item item : items) {
            optional(item.name());
            optional(item.route());
            optional(item.mailbox());
            optional(item.host());
        }
    }

    private void structure(BodyStructure structure) {
        switch (structure) {
            case BodyStructure.Multipart multipart -> {
                number(MULTIPART);
                facts(multipart.facts());
                number(multipart.children().size());
                multipart.children().forEach(this::structure);
            }
            case BodyStructure.Message message -> {
                number(MESSAGE);
                facts(message.facts());
                envelope(message.envelope());
                structure(message.body());
            }
            case BodyStructure.Text text -> {
                number(TEXT);
                facts(text.facts());
            }
            case BodyStructure.Basic basic -> {
                number(BASIC);
                facts(basic.facts());
            }
        }
    }

    private void facts(BodyStructure.Facts facts) {
        Extent extent = facts.extent();
        number(extent.headerStart());
        number(extent.headerSize());
        number(extent.bodySize());
        number(extent.bodyLines());
        text(facts.contentType().type());
        text(facts.contentType().subtype());
        parameters(facts.contentType().parameters());
        optional(facts.fields().id());
        optional(facts.fields().description());
        text(facts.fields().encoding());
        optional(facts.extension().md5());
        Optional<Disposition> disposition = facts.extension().disposition();
        optional(disposition.map(Disposition::type));
        disposition.ifPresent(present -> parameters(present.parameters()));
        number(facts.extension().languages().size());
        facts.extension().languages().forEach(this::text);
        optional(facts.extension().location());
    }

    private void parameters(Parameters parameters) {
        number(parameters.list().size());
        for (Parameters.Parameter parameter : parameters.list()) {
            text(parameter.name());
            text(parameter.value());
        }
    }

    private void optional(Optional<String> text) {
        if (text.isEmpty()) {
            number(0);
        } else {
            byte[] utf8 = text.get().getBytes(StandardCharsets.UTF_8);
            number(utf8.length + 1L);
            out.write(utf8, 0, utf8.length);
        }
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        out.write(utf8, 0, utf8.length);
    }

    private void number(long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
