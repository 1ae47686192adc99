package mansio.serve.admin;

import com.fasterxml.jackson.annotation.JsonValue;

import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.RecordFormat;

import java.util.List;

/**
 * Records as {@code dns print} shows them: as JSON an array, because that is what programs which
 * publish records take.
 */
public record DnsRows(PrintDns.Wanted wanted, RecordFormat format) implements Answer {
    /** One of them. */
    public record Row(String name, String type, String value, int ttl, String why) {
        static Row of(AdvisedRecord it) {
            return new Row(it.name(), it.type(), it.value(), it.ttl(), it.why());
        }
    }

    /** All of them. */
    @JsonValue
    public List<Row> rows() {
        return rows(wanted.records());
    }

    /** Of these records. */
    public static List<Row> rows(List<AdvisedRecord> records) {
        return records.stream().map(Row::of).toList();
    }

    @Override
    public List<String> lines() {
        return wanted.in(format);
    }
}
