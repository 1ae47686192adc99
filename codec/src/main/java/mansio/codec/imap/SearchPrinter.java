package mansio.codec.imap;

import mansio.codec.imap.CommandPrinter.PrintedLine;

/** Prints what {@link SearchParser} reads. */
final class SearchPrinter {
    private final PrintedLine out;

    SearchPrinter(PrintedLine out) {
        this.out = out;
    }

    void key(SearchKey key) {
        switch (key) {
            case SearchKey.All _ -> out.text("ALL");
            case SearchKey.And and -> {
                String before = "(";
                for (SearchKey one : and.keys()) {
                    out.text(before);
                    key(one);
                    before = " ";
                }
                out.text(")");
            }
            case SearchKey.Or or -> {
                out.text("OR ");
                key(or.one());
                out.text(" ");
                key(or.other());
            }
            case SearchKey.Not not -> {
                out.text("NOT ");
                key(not.key());
            }
            case SearchKey.HasFlag has -> flag(has.flag());
            case SearchKey.Recent _ -> out.text("RECENT");
            case SearchKey.Header header ->
                    out.text("HEADER ").astring(header.name()).text(" ").string(header.text());
            case SearchKey.Body body -> out.text("BODY ").string(body.text());
            case SearchKey.Text text -> out.text("TEXT ").string(text.text());
            case SearchKey.InternalDate date ->
                    out.text(date.test().name() + " " + DateParser.print(date.date()));
            case SearchKey.SentDate date ->
                    out.text("SENT" + date.test().name() + " " + DateParser.print(date.date()));
            case SearchKey.Larger larger -> out.text("LARGER " + larger.octets());
            case SearchKey.Smaller smaller -> out.text("SMALLER " + smaller.octets());
            case SearchKey.SequenceNumbers numbers -> out.text(numbers.set().toString());
            case SearchKey.Uids uids -> out.text("UID " + uids.set());
            case SearchKey.Older older -> out.text("OLDER " + older.seconds());
            case SearchKey.Younger younger -> out.text("YOUNGER " + younger.seconds());
            case SearchKey.ModSeq modSeq -> modSeq(modSeq);
        }
    }

    private void flag(String flag) {
        out.text(flag.startsWith("\\") ? flag.substring(1) : "KEYWORD " + flag);
    }

    private void modSeq(SearchKey.ModSeq key) {
        out.text("MODSEQ ");
        key.entry().ifPresent(entry -> out.string(entry.name()).text(" " + entry.type() + " "));
        out.text(String.valueOf(key.modSeq()));
    }
}
