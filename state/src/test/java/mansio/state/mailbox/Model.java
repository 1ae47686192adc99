package mansio.state.mailbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an account should hold: maps, and no cleverness. */
final class Model {
    /** A message in a mailbox. */
    record Message(String text, Flags flags, long emailId, long modSeq) {
        Message with(Flags now, long version) {
            return new Message(text, now, emailId, version);
        }
    }

    /** A mailbox. UIDs that were ever used stay known. */
    static final class Box {
        final String name;
        final TreeMap<Long, Message> messages = new TreeMap<>();
        long highestUid;
        long highestModSeq;

        Box(String name) {
            this.name = name;
        }

        Box copy() {
            Box copy = new Box(name);
            copy.messages.putAll(messages);
            copy.highestUid = highestUid;
            copy.highestModSeq = highestModSeq;
            return copy;
        }
    }

    final Map<Long, Box> boxes = new HashMap<>();

    Model copy() {
        Model copy = new Model();
        boxes.forEach((id, box) -> copy.boxes.put(id, box.copy()));
        return copy;
    }

    /** What a reader sees of an account now. */
    static Model of(Post post, Model earlier) throws java.io.IOException {
        Model model = new Model();
        for (MailboxInfo info : post.alice.mailboxes().mailboxes()) {
            Box box = new Box(info.name().toString());
            Box before = earlier.boxes.get(info.id());
            MailboxView view = post.view(info.id());
            List<Placement> placements =
                    post.alice.placements(info.id(), view.uids(), Integer.MAX_VALUE);
            List<Long> ids = new ArrayList<>();
            for (Placement placement : placements) ids.add(placement.emailId());
            Map<Long, String> texts = new HashMap<>();
            for (Email email : post.alice.emails(ids)) texts.put(email.id(), post.read(email));
            for (int i = 0; i < view.size(); i++) {
                long emailId = placements.get(i).emailId();
                String text = texts.getOrDefault(emailId, "lost");
                box.messages.put(
                        view.uid(i), new Message(text, view.flags(i), emailId, view.modSeq(i)));
            }
            box.highestUid = view.counts().uidNext() - 1;
            box.highestModSeq = view.counts().highestModSeq();
            if (before != null && box.highestUid < before.highestUid)
                throw new AssertionError("UIDNEXT of " + info.name() + " went back");
            model.boxes.put(info.id(), box);
        }
        return model;
    }

    /** The same messages with the same flags under the same UIDs; MODSEQs are not compared. */
    boolean sameMail(Model other) {
        if (!boxes.keySet().equals(other.boxes.keySet())) return false;
        for (Map.Entry<Long, Box> entry : boxes.entrySet()) {
            Map<Long, Message> mine = entry.getValue().messages;
            Map<Long, Message> theirs = other.boxes.get(entry.getKey()).messages;
            if (!mine.keySet().equals(theirs.keySet())) return false;
            for (Map.Entry<Long, Message> one : mine.entrySet()) {
                Message message = theirs.get(one.getKey());
                if (!one.getValue().text().equals(message.text())
                        || !one.getValue().flags().equals(message.flags())) return false;
            }
        }
        return true;
    }

    QuotaUse use() {
        long bytes = 0;
        long messages = 0;
        for (Box box : boxes.values()) {
            for (Message message : box.messages.values()) {
                bytes += message.text().length() + "Return-Path: <>\r\n".length();
                messages++;
            }
        }
        return new QuotaUse(bytes, messages);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        boxes.forEach(
                (id, box) ->
                        text.append(id)
                                .append(' ')
                                .append(box.name)
                                .append(' ')
                                .append(box.messages)
                                .append('\n'));
        return text.toString();
    }
}
