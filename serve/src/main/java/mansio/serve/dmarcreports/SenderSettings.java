package mansio.serve.dmarcreports;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Directory;

import java.util.Optional;

/**
 * As whom reports are sent.
 *
 * @param hostname what the server calls itself
 * @param from whom they are from; empty: {@link #LOCAL_PART} at the domain of ours that is nearest
 *     to the host's name
 */
public record SenderSettings(Domain hostname, Optional<Address> from) {
    /** Reports come from here, and those about our domains go here, unless something is said. */
    public static final String LOCAL_PART = Directory.DMARC_REPORTS;
}
