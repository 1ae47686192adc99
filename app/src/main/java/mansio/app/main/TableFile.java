package mansio.app.main;

import mansio.codec.text.Domain;
import mansio.state.postfix.PostfixImport;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines of a table of a Postfix. */
record TableFile(List<String> lines) {
    private static final long MAX_BYTES = 256L << 20;
    private static final int PIECE_LINES = 1_000;

    /** Chars of a piece, which is one line on the control socket and one write of the store. */
    private static final int PIECE_CHARS = 250_000;

    /** Of a longer line the beginning is sent, so that it is reported as too long. */
    private static final int MAX_LINE = 100_001;

    static TableFile read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is longer than " + (MAX_BYTES >> 20) + " MiB");
        }
        try {
            return new TableFile(Files.readAllLines(file));
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8 text", e);
        }
    }

    /** Requests that one after the other bring all lines; none parts a continued line. */
    List<PostfixImport.Lines> pieces(PostfixImport.Table table, Optional<Domain> domain) {
        List<PostfixImport.Lines> pieces = new ArrayList<>();
        List<String> piece = new ArrayList<>();
        int chars = 0;
        int first = 1;
        for (String line : lines) {
            boolean full = piece.size() >= PIECE_LINES || chars > PIECE_CHARS;
            boolean begins = !line.isBlank() && !Character.isWhitespace(line.charAt(0));
            if ((full && begins) || piece.size() == PostfixImport.MAX_LINES) {
                pieces.add(new PostfixImport.Lines(table, piece, first, domain));
                first += piece.size();
                piece.clear();
                chars = 0;
            }
            piece.add(line.substring(0, Math.min(line.length(), MAX_LINE)));
            chars += piece.getLast().length();
        }
        pieces.add(new PostfixImport.Lines(table, piece, first, domain));
        return pieces;
    }
}
