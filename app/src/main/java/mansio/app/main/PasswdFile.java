package mansio.app.main;

import mansio.codec.text.Domain;
import mansio.serve.admin.ImportAccounts;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines of a passwd-file. */
record PasswdFile(List<String> lines) {
    private static final long MAX_BYTES = 256L << 20;
    private static final int PIECE_LINES = 400;

    /** Chars of a piece, which is one line on the control socket. */
    private static final int PIECE_CHARS = 500_000;

    /** A longer line is no user's; its beginning is sent, so that it is reported as too long. */
    private static final int MAX_LINE = 10_000;

    static PasswdFile read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is longer than " + (MAX_BYTES >> 20) + " MiB");
        }
        try {
            return new PasswdFile(Files.readAllLines(file));
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8 text", e);
        }
    }

    /** Requests that one after the other bring all lines. */
    List<ImportAccounts> pieces(Optional<Domain> domain) {
        List<ImportAccounts> pieces = new ArrayList<>();
        List<String> piece = new ArrayList<>();
        int chars = 0;
        int first = 1;
        for (String line : lines) {
            piece.add(line.substring(0, Math.min(line.length(), MAX_LINE)));
            chars += piece.getLast().length();
            if (piece.size() == PIECE_LINES || chars > PIECE_CHARS) {
                pieces.add(new ImportAccounts(piece, first, domain));
                first += piece.size();
                piece.clear();
                chars = 0;
            }
        }
        if (!piece.isEmpty()) pieces.add(new ImportAccounts(piece, first, domain));
        return pieces;
    }
}
