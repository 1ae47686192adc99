package mansio.codec.imap;

import mansio.codec.imap.CommandPrinter.PrintedLine;
import mansio.codec.imap.FetchItem.Partial;
import mansio.codec.imap.FetchItem.SectionText;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints what {@link FetchParser} reads. */
final class FetchPrinter {
    private final PrintedLine out;

    FetchPrinter(PrintedLine out) {
        this.out = out;
    }

    void items(List<FetchItem> items) {
        String before = "(";
        for (FetchItem item : items) {
            out.text(before);
            item(item);
            before = " ";
        }
        out.text(")");
    }

    private void item(FetchItem item) {
        switch (item) {
            case FetchItem.Simple simple -> out.text(simple.name().replace('_', '.'));
            case FetchItem.Body body -> {
                out.text(body.peek() ? "BODY.PEEK[" : "BODY[");
                out.text(part(body.section().part()));
                boolean whole = body.section().text() instanceof SectionText.Whole;
                out.text(whole || body.section().part().isEmpty() ? "" : ".");
                text(body.section().text());
                out.text("]");
                partial(body.partial());
            }
            case FetchItem.Binary binary -> {
                out.text(binary.peek() ? "BINARY.PEEK[" : "BINARY[");
                out.text(part(binary.part())).text("]");
                partial(binary.partial());
            }
            case FetchItem.BinarySize size -> out.text("BINARY.SIZE[" + part(size.part()) + "]");
        }
    }

    private static String part(List<Integer> part) {
        return part.stream().map(String::valueOf).collect(Collectors.joining("."));
    }

    private void text(SectionText text) {
        switch (text) {
            case SectionText.Whole _ -> {}
            case SectionText.Header _ -> out.text("HEADER");
            case SectionText.HeaderFields fields -> names("HEADER.FIELDS (", fields.names());
            case SectionText.HeaderFieldsNot not -> names("HEADER.FIELDS.NOT (", not.names());
            case SectionText.Text _ -> out.text("TEXT");
            case SectionText.Mime _ -> out.text("MIME");
        }
    }

    private void names(String before, List<String> names) {
        String space = before;
        for (String name : names) {
            out.text(space).astring(name);
            space = " ";
        }
        out.text(")");
    }

    private void partial(Optional<Partial> partial) {
        partial.ifPresent(part -> out.text("<" + part.offset() + "." + part.length() + ">"));
    }
}
