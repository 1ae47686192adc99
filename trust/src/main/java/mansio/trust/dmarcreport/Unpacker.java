package mansio.trust.dmarcreport;

import mansio.codec.text.SyntaxException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Gives the XML of a file that is XML, gzip or zip, whatever it is called. Of a zip file the first
 * file counts, and it is never written anywhere.
 */
final class Unpacker {
    /** A file may be small and still compress well: the ratio counts from here on. */
    private static final int RATIO_FROM = 1 << 20;

    private static final int CHUNK = 8192;

    /**
     * Packed octets that may go by without giving anything: the JDK goes one call deeper for each
     * empty member of a gzip file, of which 20 octets make one.
     */
    private static final int BARREN = 4 * CHUNK;

    private Unpacker() {}

    /**
     * A stream of the XML; reading it fails with an {@link IOException} when a limit is passed or
     * the file is broken.
     *
     * @throws SyntaxException when it is no such file
     */
    static InputStream open(byte[] file, ReportLimits limits) {
        Counted packed = new Counted(new ByteArrayInputStream(file), Integer.MAX_VALUE);
        try {
            if (starts(file, 0x1f, 0x8b)) {
                return new Bounded(new GZIPInputStream(packed, CHUNK), packed, limits);
            }
            if (starts(file, 'P', 'K', 3, 4)) {
                ZipInputStream zip = new ZipInputStream(packed);
                ZipEntry entry = zip.getNextEntry();
                if (entry == null || entry.isDirectory()) {
                    throw new SyntaxException("the archive does not begin with a file", 0);
                }
                return new Bounded(zip, packed, limits);
            }
        } catch (IOException | IllegalArgumentException e) {
            // The JDK throws the latter for names that are not in UTF-8.
            throw new SyntaxException("the compressed file is broken", 0);
        }
        int start = 0;
        // White space before the XML declaration is met, and is no XML.
        while (start < file.length && isSpace(file[start])) {
            start++;
        }
        InputStream plain = new ByteArrayInputStream(file, start, file.length - start);
        return new Counted(plain, limits.unpackedBytes());
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static boolean starts(byte[] file, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= file.length || (file[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Counts what passes, up to a limit. */
    private static class Counted extends InputStream {
        final InputStream in;
        int limit;
        int count;

        Counted(InputStream in, int limit) {
            this.in = in;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count += Math.max(read, 0);
            if (count > limit) {
                throw new IOException("the report is too large");
            }
            return read;
        }
    }

    /** What comes out, against what went in. */
    private static final class Bounded extends Counted {
        private final Counted packed;
        private final int ratio;

        Bounded(InputStream in, Counted packed, ReportLimits limits) {
            super(in, limits.unpackedBytes());
            this.packed = packed;
            this.ratio = limits.ratio();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            packed.limit = packed.count + BARREN;
            // Small steps, so that a bomb is seen before it went off.
            int read = super.read(bytes, offset, Math.min(length, CHUNK));
            if (count > RATIO_FROM && count > (long) packed.count * ratio) {
                throw new IOException("the report is compressed too well");
            }
            return read;
        }
    }
}
