package mansio.serve.dropfolder;

import mansio.state.queue.QueueId;

import java.nio.file.Path;

/**
 * A file that was taken out of the drop folder: nobody else can change its name any more.
 *
 * @param file named after the id
 * @param id under which the message, or the notice about it, comes into the queue
 * @param user who wrote it: the owner of the file, as the system says
 */
record Dropped(Path file, QueueId id, User user) {
    /** A user of this machine. */
    record User(String name, int uid) {
        boolean isRoot() {
            return uid == 0;
        }
    }
}
