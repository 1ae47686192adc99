package mansio.state.store;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** How RocksDB is set up, and the native objects that must outlive it. */
final class RocksSettings implements AutoCloseable {
    /** Blocks, indexes and filters read from disk. */
    private static final long CACHE_BYTES = 64L << 20;

    /** All memtables together. */
    private static final long WRITE_BUFFERS_BYTES = 40L << 20;

    private static final long DATA_BUFFER_BYTES = 12L << 20;

    /** A flush of this makes one blob file, so it is larger. */
    private static final long PIECES_BUFFER_BYTES = 16L << 20;

    /** Shorter pieces stay with their keys. */
    private static final long MIN_BLOB_BYTES = 512;

    private static final long BLOB_FILE_BYTES = 256L << 20;

    private final List<RocksObject> owned = new ArrayList<>();
    private final Cache cache = own(new LRUCache(CACHE_BYTES, 4, false, 0.5));
    private final BloomFilter bloom = own(new BloomFilter(10, false));

    private <T extends RocksObject> T own(T object) {
        owned.add(object);
        return object;
    }

    DBOptions database(DiskSettings.Loss loss) {
        // A log file that vanished is found out. Java has no setter for it.
        Properties logsInManifest = new Properties();
        logsInManifest.setProperty("track_and_verify_wals_in_manifest", "true");
        return own(DBOptions.getDBOptionsFromProps(logsInManifest))
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // A flipped bit in the middle of the log refuses to open; only a torn tail of
                // writes that nobody was told of is cut off.
                .setWalRecoveryMode(
                        switch (loss) {
                            case REFUSE -> WALRecoveryMode.TolerateCorruptedTailRecords;
                            case ACCEPT -> WALRecoveryMode.PointInTimeRecovery;
                        })
                .setParanoidChecks(true)
                // After a background error nothing is durable any more until recovery.
                .setMaxBgErrorResumeCount(0)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(500)
                .setMaxTotalWalSize(256L << 20)
                .setWriteBufferManager(own(new WriteBufferManager(WRITE_BUFFERS_BYTES, cache)))
                .setBytesPerSync(1L << 20)
                .setAllowConcurrentMemtableWrite(false)
                .setEnableWriteThreadAdaptiveYield(false)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(4L << 20)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    ColumnFamilyOptions data() {
        return family().setWriteBufferSize(DATA_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION);
    }

    ColumnFamilyOptions pieces() {
        return family().setWriteBufferSize(PIECES_BUFFER_BYTES)
                .setEnableBlobFiles(true)
                .setMinBlobSize(MIN_BLOB_BYTES)
                .setBlobFileSize(BLOB_FILE_BYTES)
                .setBlobCompressionType(CompressionType.LZ4_COMPRESSION)
                .setEnableBlobGarbageCollection(true)
                .setBlobGarbageCollectionAgeCutoff(0.25)
                .setBlobGarbageCollectionForceThreshold(0.5);
    }

    private ColumnFamilyOptions family() {
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setFilterPolicy(bloom)
                        .setIndexType(IndexType.kBinarySearch)
                        .setBlockSize(16 << 10)
                        .setCacheIndexAndFilterBlocks(true)
                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFormatVersion(6);
        return own(new ColumnFamilyOptions())
                .setTableFormatConfig(table)
                .setMaxWriteBufferNumber(3)
                .setLevelCompactionDynamicLevelBytes(true)
                .setTargetFileSizeBase(32L << 20)
                .setMaxBytesForLevelBase(128L << 20)
                .setParanoidFileChecks(true);
    }

    @Override
    public void close() {
        for (RocksObject object : owned.reversed()) object.close();
    }
}
