package mansio.net.dns;

import mansio.net.time.Time;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Update;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import javax.crypto.spec.SecretKeySpec;

/** Writes updates as messages (RFC 2136 section 2), and our values as records. */
final class UpdateWire {
    private static final int MAX_STRING = 255;

    private UpdateWire() {}

    /** Without a signature. */
    static Message message(ZoneUpdate update, int id) throws IOException {
        Update message = new Update(name(update.zone()));
        message.getHeader().setID(id);
        for (ZoneUpdate.Condition condition : update.conditions()) {
            switch (condition) {
                case ZoneUpdate.Condition.SetIs(var records) -> {
                    // Section 2.4.2; the library leaves the TTL as it is.
                    for (DnsRecord record : records) {
                        message.present(record(Ttl.of(record, 0)));
                    }
                }
                case ZoneUpdate.Condition.NoSet(DnsName name, RecordType type) ->
                        message.absent(name(name), type.code());
                case ZoneUpdate.Condition.InUse(DnsName name) -> message.present(name(name));
            }
        }
        for (ZoneUpdate.Edit edit : update.edits()) {
            switch (edit) {
                case ZoneUpdate.Edit.Add(DnsRecord record) -> message.add(record(record));
                case ZoneUpdate.Edit.Remove(DnsRecord record) -> message.delete(record(record));
            }
        }
        return message;
    }

    /** What signs and checks messages with a key, by our clock. */
    static TSIG signer(TsigKey key, Time time) throws IOException {
        return new TSIG(
                Name.fromString(key.algorithm().text() + "."),
                name(key.name()),
                new SecretKeySpec(key.secret(), key.algorithm().platformName()),
                Clocks.of(time));
    }

    static Name name(DnsName name) throws IOException {
        return new Name(name.wire());
    }

    /** The opposite of what {@link Wire} reads; of an SOA record not all is kept. */
    static Record record(DnsRecord record) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        switch (record) {
            case DnsRecord.A a -> data.writeBytes(a.address().getAddress());
            case DnsRecord.Aaaa aaaa -> data.writeBytes(aaaa.address().getAddress());
            case DnsRecord.Mx mx -> {
                number(data, mx.preference());
                data.writeBytes(mx.exchange().wire());
            }
            case DnsRecord.Txt txt -> txt.strings().forEach(it -> string(data, it));
            case DnsRecord.Cname cname -> data.writeBytes(cname.target().wire());
            case DnsRecord.Ptr ptr -> data.writeBytes(ptr.target().wire());
            case DnsRecord.Ns ns -> data.writeBytes(ns.server().wire());
            case DnsRecord.Srv srv -> {
                number(data, srv.service().priority());
                number(data, srv.service().weight());
                number(data, srv.service().port());
                data.writeBytes(srv.service().target().wire());
            }
            case DnsRecord.Tlsa tlsa -> {
                data.write(tlsa.association().usage());
                data.write(tlsa.association().selector());
                data.write(tlsa.association().matchingType());
                data.writeBytes(tlsa.association().data());
            }
            case DnsRecord.Caa caa -> {
                data.write(caa.flags());
                string(data, caa.tag());
                data.writeBytes(caa.value().getBytes(StandardCharsets.ISO_8859_1));
            }
            case DnsRecord.Other other -> data.writeBytes(other.data());
            case DnsRecord.Soa _ ->
                    throw new IllegalArgumentException("an SOA record is the server's to write");
        }
        return Record.newRecord(
                name(record.name()),
                RecordType.codeOf(record),
                DClass.IN,
                record.ttlSeconds(),
                data.toByteArray());
    }

    private static void number(ByteArrayOutputStream data, int number) {
        data.write(number >> 8);
        data.write(number);
    }

    private static void string(ByteArrayOutputStream data, String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        if (octets.length > MAX_STRING) {
            throw new IllegalArgumentException("a string of " + octets.length + " octets");
        }
        data.write(octets.length);
        data.writeBytes(octets);
    }
}
