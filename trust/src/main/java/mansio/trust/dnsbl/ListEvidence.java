package mansio.trust.dnsbl;

import mansio.trust.dnsbl.BlockList.Action;

import java.util.ArrayList;
import java.util.List;

/**
 * What lists say of a sender.
 *
 * @param listings in the order of the lists
 * @param notes what else was met: lists that could not be asked, answers that mean nothing
 */
public record ListEvidence(List<Listing> listings, List<Note> notes) {
    /** No list says anything. */
    public static final ListEvidence NOTHING = new ListEvidence(List.of(), List.of());

    public ListEvidence {
        listings = List.copyOf(listings);
        notes = List.copyOf(notes);
    }

    /**
     * One is listed.
     *
     * @param subject the address or domain
     * @param code what the answer means
     * @param answer such as {@code 127.0.0.2}
     * @param reason what the list says of it, perhaps a link; from outside, cleaned and cut; may be
     *     empty
     */
    public record Listing(
            BlockList list, String subject, BlockList.Code code, String answer, String reason) {}

    /**
     * Something to know that is no listing.
     *
     * @param list its name
     */
    public record Note(String list, String text) {}

    /** The listings with an action. */
    public List<Listing> with(Action action) {
        return listings.stream().filter(it -> it.code().action() == action).toList();
    }

    /** The weights of all listings together, but at most one of each list: the heaviest. */
    public int weight() {
        return listings.stream().map(Listing::list).distinct().mapToInt(this::weight).sum();
    }

    private int weight(BlockList list) {
        int heaviest = 0;
        for (Listing listing : listings) {
            int weight = listing.code().weight();
            if (listing.list().equals(list) && Math.abs(weight) > Math.abs(heaviest)) {
                heaviest = weight;
            }
        }
        return heaviest;
    }

    /** This and that. */
    public ListEvidence and(ListEvidence other) {
        List<Listing> both = new ArrayList<>(listings);
        both.addAll(other.listings);
        List<Note> told = new ArrayList<>(notes);
        told.addAll(other.notes);
        return new ListEvidence(both, told);
    }
}
