package mansio.trust.dmarcreport;

import mansio.codec.text.Ascii;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Decodes XML before the parser sees it, so that a wrong octet is a replacement character: the
 * parser of the JDK would give up, and write to the standard error of the process.
 */
final class XmlCharset {
    private static final int DECLARATION = 200;

    /** Charsets that contain ASCII; others need a byte order mark. */
    private static final Set<String> TAKEN =
            Set.of("utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252");

    private XmlCharset() {}

    static Reader reader(InputStream xml) throws IOException {
        PushbackInputStream in = new PushbackInputStream(xml, DECLARATION);
        byte[] start = in.readNBytes(DECLARATION);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u00fe\u00ff") || text.startsWith("\u00ff\u00fe")) {
            in.unread(start);
            return new InputStreamReader(in, StandardCharsets.UTF_16);
        }
        int mark = text.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0;
        in.unread(start, mark, start.length - mark);
        return new InputStreamReader(in, declared(text));
    }

    // XML 1.0, 2.8: EncodingDecl ::= S 'encoding' Eq ('"' EncName '"' | "'" EncName "'" )
    private static Charset declared(String start) {
        int end = start.indexOf("?>");
        int at = start.indexOf("encoding=");
        if (at < 0 || end < at) {
            return StandardCharsets.UTF_8;
        }
        String[] parts = start.substring(at, end).split("[\"']", 3);
        String name = Ascii.lower(parts.length > 1 ? parts[1] : "");
        return TAKEN.contains(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
