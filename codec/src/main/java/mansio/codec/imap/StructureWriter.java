package mansio.codec.imap;

import mansio.codec.message.BodyStructure;
import mansio.codec.message.Disposition;
import mansio.codec.message.Envelope;
import mansio.codec.message.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Prints envelope and body of RFC 9051 section 9: one method per production. */
final class StructureWriter {
    private final ImapWriter out;
    private final boolean utf8;
    private boolean extended;

    StructureWriter(ImapWriter out, boolean utf8) {
        this.out = out;
        this.utf8 = utf8;
    }

    // RFC 9051 9: envelope = "(" env-date SP env-subject SP env-from SP env-sender SP env-reply-to
    // SP env-to SP env-cc SP env-bcc SP env-in-reply-to SP env-message-id ")"
    void envelope(Envelope envelope) throws IOException {
        Envelope.Text text = envelope.text();
        Envelope.Addresses addresses = envelope.addresses();
        out.octet('(');
        nstring(text.date());
        out.octet(' ');
        nstring(text.subject());
        addresses(addresses.origin().from());
        addresses(addresses.origin().sender());
        addresses(addresses.origin().replyTo());
        addresses(addresses.to());
        addresses(addresses.cc());
        addresses(addresses.bcc());
        out.octet(' ');
        nstring(text.inReplyTo());
        out.octet(' ');
        nstring(text.messageId());
        out.octet(')');
    }

    // RFC 9051 9: env-from = "(" 1*address ")" / nil
    private void addresses(List<Envelope.Item> addresses) throws IOException {
        out.octet(' ');
        if (addresses.isEmpty()) {
            out.nil();
            return;
        }
        out.octet('(');
        for (Envelope.Item address : addresses) {
            address(address);
        }
        out.octet(')');
    }

    // RFC 9051 9: address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
    private void address(Envelope.Item address) throws IOException {
        out.octet('(');
        nstring(address.name());
        out.octet(' ');
        nstring(address.route());
        out.octet(' ');
        nstring(address.mailbox());
        out.octet(' ');
        nstring(address.host());
        out.octet(')');
    }

    private void nstring(Optional<String> text) throws IOException {
        if (text.isEmpty()) {
            out.nil();
        } else {
            out.string(text.get(), utf8);
        }
    }

    /** BODY. */
    void body(BodyStructure structure) throws IOException {
        extended = false;
        any(structure);
    }

    /** BODYSTRUCTURE: with extension data. */
    void bodyStructure(BodyStructure structure) throws IOException {
        extended = true;
        any(structure);
    }

    // RFC 9051 9: body = "(" (body-type-1part / body-type-mpart) ")"
    private void any(BodyStructure body) throws IOException {
        out.octet('(');
        switch (body) {
            case BodyStructure.Multipart multipart -> multipart(multipart);
            case BodyStructure.Message message -> {
                fields(message.facts());
                out.octet(' ');
                envelope(message.envelope());
                out.octet(' ');
                any(message.body());
                lines(message.facts());
                onePartExtension(message.facts());
            }
            case BodyStructure.Text text -> {
                fields(text.facts());
                lines(text.facts());
                onePartExtension(text.facts());
            }
            case BodyStructure.Basic basic -> {
                fields(basic.facts());
                onePartExtension(basic.facts());
            }
        }
        out.octet(')');
    }

    // RFC 9051 9: body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
    private void multipart(BodyStructure.Multipart multipart) throws IOException {
        for (BodyStructure child : multipart.children()) {
            any(child);
        }
        out.octet(' ');
        media(multipart.facts().contentType().subtype());
        if (extended) {
            // RFC 9051 9: body-ext-mpart = body-fld-param [SP body-fld-dsp [SP body-fld-lang
            // [SP body-fld-loc]]]
            out.octet(' ');
            parameters(multipart.facts().contentType().parameters());
            rest(multipart.facts().extension());
        }
    }

    // RFC 9051 9: media-basic SP body-fields; body-fields = body-fld-param SP body-fld-id SP
    // body-fld-desc SP body-fld-enc SP body-fld-octets
    private void fields(BodyStructure.Facts facts) throws IOException {
        media(facts.contentType().type());
        out.octet(' ');
        media(facts.contentType().subtype());
        out.octet(' ');
        parameters(facts.contentType().parameters());
        out.octet(' ');
        nstring(facts.fields().id());
        out.octet(' ');
        nstring(facts.fields().description());
        out.octet(' ');
        media(facts.fields().encoding());
        out.octet(' ').number(facts.extent().bodySize());
    }

    private void lines(BodyStructure.Facts facts) throws IOException {
        out.octet(' ').number(facts.extent().bodyLines());
    }

    /** The examples of the RFCs have them in upper case, and some clients compare so. */
    private void media(String name) throws IOException {
        out.string(name.toUpperCase(Locale.ROOT), utf8);
    }

    // RFC 9051 9: body-fld-param = "(" string SP string *(SP string SP string) ")" / nil
    private void parameters(Parameters parameters) throws IOException {
        if (parameters.list().isEmpty()) {
            out.nil();
            return;
        }
        out.octet('(');
        boolean first = true;
        for (Parameters.Parameter parameter : parameters.list()) {
            if (!first) {
                out.octet(' ');
            }
            first = false;
            media(parameter.name());
            out.octet(' ').string(parameter.value(), utf8);
        }
        out.octet(')');
    }

    // RFC 9051 9: body-ext-1part = body-fld-md5 [SP body-fld-dsp [SP body-fld-lang
    // [SP body-fld-loc]]]
    private void onePartExtension(BodyStructure.Facts facts) throws IOException {
        if (extended) {
            out.octet(' ');
            nstring(facts.extension().md5());
            rest(facts.extension());
        }
    }

    // RFC 9051 9: SP body-fld-dsp SP body-fld-lang SP body-fld-loc
    private void rest(BodyStructure.Extension extension) throws IOException {
        out.octet(' ');
        disposition(extension.disposition());
        out.octet(' ');
        languages(extension.languages());
        out.octet(' ');
        nstring(extension.location());
    }

    // RFC 9051 9: body-fld-dsp = "(" string SP body-fld-param ")" / nil
    private void disposition(Optional<Disposition> disposition) throws IOException {
        if (disposition.isEmpty()) {
            out.nil();
            return;
        }
        out.octet('(');
        media(disposition.get().type());
        out.octet(' ');
        parameters(disposition.get().parameters());
        out.octet(')');
    }

    // RFC 9051 9: body-fld-lang = nstring / "(" string *(SP string) ")"
    private void languages(List<String> languages) throws IOException {
        if (languages.isEmpty()) {
            out.nil();
            return;
        }
        String before = "(";
        for (String language : languages) {
            out.ascii(before).string(language, utf8);
            before = " ";
        }
        out.octet(')');
    }
}
