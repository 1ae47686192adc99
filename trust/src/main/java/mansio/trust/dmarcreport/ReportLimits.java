package mansio.trust.dmarcreport;

/**
 * How much of a report is taken in.
 *
 * @param unpackedBytes of the XML
 * @param ratio how many times more than the compressed bytes it may be; looked at from a mebibyte
 *     on. Honest reports reach some 50, and no format of compression here goes beyond 1032
 * @param records of an aggregate report
 */
public record ReportLimits(int unpackedBytes, int ratio, int records) {
    /** 10 MiB, 200 times, 50,000 records. */
    public static final ReportLimits USUAL = new ReportLimits(10 << 20, 200, 50_000);

    public ReportLimits {
        if (unpackedBytes < 1 || ratio < 1 || records < 1) {
            throw new IllegalArgumentException("limits begin at one");
        }
    }
}
