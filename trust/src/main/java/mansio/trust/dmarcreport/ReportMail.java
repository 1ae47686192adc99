package mansio.trust.dmarcreport;

import mansio.codec.message.MessageParser;
import mansio.codec.message.Part;
import mansio.codec.text.Ascii;
import mansio.codec.text.SyntaxException;
import mansio.codec.text.TransferDecoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the report in a message that came to an address for reports. */
public final class ReportMail {
    /** Packed bytes of a report; more is not looked at. */
    private static final int MAX_FILE = 10 << 20;

    /** Parts that are tried as reports. */
    private static final int MAX_TRIED = 5;

    private ReportMail() {}

    /** What a message turned out to be. */
    public sealed interface Content {
        /** An aggregate report. */
        record Aggregate(AggregateReport report) implements Content {}

        /** A report of a single message. */
        record Feedback(FeedbackReport report) implements Content {}

        /**
         * Something else.
         *
         * @param reason one line for people, without text from outside
         */
        record Nothing(String reason) implements Content {}
    }

    /** Reads a message. The first part that is a report counts. */
    public static Content read(byte[] message, ReportLimits limits) {
        List<Part> parts = new ArrayList<>();
        collect(MessageParser.parse(message).root(), parts);
        String reason = "there is no report in the message";
        int tried = 0;
        for (Part part : parts) {
            if (tried == MAX_TRIED) {
                break;
            }
            boolean feedback = part.contentType().mediaType().equals(FeedbackReport.MEDIA_TYPE);
            Optional<byte[]> file =
                    feedback || mayBeAggregate(part) ? file(message, part) : Optional.empty();
            if (file.isEmpty()) {
                continue;
            }
            tried++;
            try {
                return feedback
                        ? new Content.Feedback(FeedbackReport.parse(file.get()))
                        : new Content.Aggregate(AggregateReader.read(file.get(), limits));
            } catch (SyntaxException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        return new Content.Nothing(reason);
    }

    /** Leaves of the message itself; not of one that it encloses. The depth is the parser's. */
    private static void collect(Part part, List<Part> parts) {
        if (part.children().isEmpty()) {
            parts.add(part);
        }
        part.children().forEach(child -> collect(child, parts));
    }

    /** By its type, or by its name: reports are sent as all sorts of types. */
    private static boolean mayBeAggregate(Part part) {
        String type = part.contentType().mediaType();
        String name = Ascii.lower(part.filename().orElse("")).strip();
        return switch (type) {
            case "application/gzip",
                    "application/x-gzip",
                    "application/zip",
                    "application/x-zip-compressed",
                    "application/xml",
                    "text/xml" ->
                    true;
            default -> name.endsWith(".gz") || name.endsWith(".zip") || name.endsWith(".xml");
        };
    }

    private static Optional<byte[]> file(byte[] message, Part part) {
        long size = part.extent().bodySize();
        if (size > 2L * MAX_FILE || part.extent().bodyEnd() > message.length) {
            return Optional.empty();
        }
        int start = (int) part.extent().bodyStart();
        byte[] body = Arrays.copyOfRange(message, start, start + (int) size);
        byte[] file = TransferDecoder.decodeAll(part.transferEncoding(), body);
        return file.length > MAX_FILE ? Optional.empty() : Optional.of(file);
    }
}
