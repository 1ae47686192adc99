package mansio.serve.dnshelp;

import mansio.serve.dnshelp.AdvisedRecord.Weight;

import java.util.ArrayList;
import java.util.List;

/** How records are shown. */
public enum RecordFormat {
    /** For people who fill in a form. */
    TABLE,
    /** Lines of a zone file. */
    BIND,
    /** A zone file as Cloudflare takes it; its proxy, which takes no mail, stays off. */
    CLOUDFLARE;

    /** Lines without their ends. What is not to be published in the zone is a comment. */
    public List<String> lines(List<AdvisedRecord> records) {
        List<String> lines = new ArrayList<>();
        for (AdvisedRecord record : records) {
            if (this == TABLE) {
                lines.add(
                        "%s  %s  %s  (TTL %d)"
                                .formatted(
                                        record.name(),
                                        record.type(),
                                        record.value(),
                                        record.ttl()));
                lines.add("    " + record.why());
            } else {
                lines.add("; " + record.why());
                lines.add(comment(record) + record.zoneLine() + tags(record));
            }
        }
        return lines;
    }

    private static String comment(AdvisedRecord record) {
        boolean elsewhere =
                record.weight() == Weight.PROVIDER
                        || record.weight() == Weight.LATER
                        || record.type().equals("CAA"); // Only its owner knows the authority.
        return elsewhere ? "; " : "";
    }

    private String tags(AdvisedRecord record) {
        boolean proxied = record.type().equals("A") || record.type().equals("AAAA");
        return this == CLOUDFLARE && proxied ? " ; cf_tags=cf-proxied:false" : "";
    }
}
