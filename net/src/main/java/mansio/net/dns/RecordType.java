package mansio.net.dns;

import java.util.Arrays;
import java.util.Optional;

/** The types of records that a mail server asks for, with their numbers. */
public enum RecordType {
    A(1),
    NS(2),
    CNAME(5),
    SOA(6),
    PTR(12),
    MX(15),
    TXT(16),
    AAAA(28),
    SRV(33),
    DS(43),
    DNSKEY(48),
    TLSA(52),
    /** The type that SPF gave up (RFC 7208 section 3.1); asked for to say that it is useless. */
    SPF(99),
    CAA(257);

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    /** Its number on the wire. */
    public int code() {
        return code;
    }

    /** The number of a record's type. */
    static int codeOf(DnsRecord record) {
        return switch (record) {
            case DnsRecord.A _ -> A.code;
            case DnsRecord.Aaaa _ -> AAAA.code;
            case DnsRecord.Mx _ -> MX.code;
            case DnsRecord.Txt _ -> TXT.code;
            case DnsRecord.Cname _ -> CNAME.code;
            case DnsRecord.Ptr _ -> PTR.code;
            case DnsRecord.Ns _ -> NS.code;
            case DnsRecord.Soa _ -> SOA.code;
            case DnsRecord.Srv _ -> SRV.code;
            case DnsRecord.Tlsa _ -> TLSA.code;
            case DnsRecord.Caa _ -> CAA.code;
            case DnsRecord.Other other -> other.typeCode();
        };
    }

    /** The type of this number, if it is one of ours. */
    public static Optional<RecordType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }
}
