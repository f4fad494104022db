// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <summary>
/// The limit of everything, with its unit and where the number comes from. Those that decide whether a block
/// is valid are marked "consensus": all nodes of a network must hold the same value, so a change is a
/// protocol upgrade.
/// </summary>
public static partial class Limits
{
    /// <summary>
    /// Bytes in a signed transaction's body (consensus). A batch payout of 100 transfers fits eight times.
    /// </summary>
    public const int TransactionBytes = 16 * 1024;

    /// <summary>Operations in a transaction (consensus).</summary>
    public const int OperationsPerTransaction = 100;

    /// <summary>
    /// Lanes of nonces that a sender has, numbered from 0 (consensus). A lane's row stays in the state for
    /// ever, also when its transaction failed; more could not be used at once, as the pool keeps as many
    /// transactions of one sender.
    /// </summary>
    public const int LanesPerSender = 64;

    /// <summary>UTF-8 bytes in a memo (consensus).</summary>
    public const int MemoBytes = 256;

    /// <summary>Bytes in a request id: a UUID (consensus).</summary>
    public const int RequestIdBytes = 16;

    /// <summary>How far ahead of block time a transaction may be valid, ms: seven days (consensus).</summary>
    public const ulong ValidityMs = 7UL * 24 * 3600 * 1000;

    /// <summary>Bytes in a recoverable signature: r, s, v.</summary>
    public const int SignatureBytes = 65;

    /// <summary>
    /// Transactions in a block (consensus). 5,000 execute in well under a third of the shortest timer.
    /// </summary>
    public const int TransactionsPerBlock = 5_000;

    /// <summary>Operations in a block (consensus): the work that a view's time must hold.</summary>
    public const int OperationsPerBlock = 20_000;

    /// <summary>
    /// Bytes in a block's canonical form (consensus). One fits a peer message with room for framing.
    /// </summary>
    public const int BlockBytes = 2 * 1024 * 1024;

    /// <summary>Bytes in one peer message: a full block and its framing, twice over.</summary>
    public const int PeerMessageBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Validators in a set (consensus): votes are all-to-all, and 31 cost about 110 KB a view.
    /// </summary>
    public const int Validators = 31;

    /// <summary>
    /// Highest chain id (consensus): what wallets take, since JavaScript's numbers must hold 2 × id + 36
    /// (EIP-155).
    /// </summary>
    public const ulong ChainIdMax = 4_503_599_627_370_476;

    /// <summary>Levels of the state tree: the bits of a SHA-256 key.</summary>
    public const int StateTreeDepth = 256;

    /// <summary>How far a block's time may be from a voter's clock, ms.</summary>
    public const ulong ClockToleranceMs = 2_000;

    /// <summary>UTF-8 bytes in a name that people read (asset, institution, officer) (consensus).</summary>
    public const int NameBytes = 128;

    /// <summary>UTF-8 bytes in a reason or legal reference (consensus).</summary>
    public const int ReferenceBytes = 256;

    /// <summary>UTF-8 bytes in a document's URI (consensus).</summary>
    public const int UriBytes = 512;

    /// <summary>Documents attached to an asset (consensus).</summary>
    public const int DocumentsPerAsset = 64;

    /// <summary>Free attributes in an asset's terms (consensus).</summary>
    public const int AttributesPerAsset = 32;

    /// <summary>UTF-8 bytes in an attribute's key (consensus).</summary>
    public const int AttributeKeyBytes = 32;

    /// <summary>UTF-8 bytes in an attribute's value (consensus).</summary>
    public const int AttributeValueBytes = 256;

    /// <summary>Decimals of an asset, at most (consensus): Ethereum's convention.</summary>
    public const int AssetDecimals = 18;

    /// <summary>Officers of an institution (consensus).</summary>
    public const int OfficersPerInstitution = 64;

    /// <summary>Tiers in an approval policy (consensus).</summary>
    public const int TiersPerPolicy = 8;

    /// <summary>Operations in a proposal's payload (consensus).</summary>
    public const int OperationsPerProposal = 100;

    /// <summary>
    /// Approvals that a proposal can gather (consensus): every officer that a policy could ask for.
    /// </summary>
    public const int ApprovalsPerProposal = 64;

    /// <summary>How long a proposal may stay open, ms: 30 days (consensus).</summary>
    public const ulong ProposalLifetimeMs = 30UL * 24 * 3600 * 1000;

    /// <summary>Scheduled proposals and expired request ids that one block works off (consensus).</summary>
    public const int HousekeepingPerBlock = 256;

    /// <summary>
    /// Events of one block: an operation causes at most four, and housekeeping one each. For each lane: two
    /// for a waiting lock and for a burn that waited for its turn, and its signers' registration twice.
    /// </summary>
    public const int EventsPerBlock = (4 * OperationsPerBlock) + (4 * HousekeepingPerBlock)
        + (2 * BridgeLanes * (BridgeQueueRows + (int)BridgeBurnsAhead + Validators + 2));

    /// <summary>Transactions waiting in a node's pool.</summary>
    public const int PoolTransactions = 50_000;

    /// <summary>
    /// Of those, behind a gap of nonces: what arrives out of order is followed by what it waits for within
    /// moments, so few are enough.
    /// </summary>
    public const int PoolGaps = 4_096;

    /// <summary>Of those, places that only officers get: a flood must not keep out a freeze.</summary>
    public const int PoolForOfficers = 1_024;

    /// <summary>Bytes of transactions waiting in a node's pool.</summary>
    public const int PoolBytes = 64 * 1024 * 1024;

    /// <summary>Transactions of one sender waiting in a node's pool.</summary>
    public const int PoolPerSender = 64;

    /// <summary>How far a nonce may be ahead of the next that its lane has room for.</summary>
    public const ulong PoolNonceGap = 16;

    /// <summary>
    /// Messages of one peer that wait for the consensus thread: what its link queues, far more than a full
    /// view. A certificate of the largest set is 2 KB, so a peer can hold 2 MB here.
    /// </summary>
    public const int PeerConsensusItems = 1_024;

    /// <summary>Bodies and batches of one peer that wait for the chain's thread.</summary>
    public const int PeerChainItems = 256;

    /// <summary>
    /// Bytes of those: a full block and as much in batches; 124 MiB when every one of 31 peers floods.
    /// </summary>
    public const long PeerChainBytes = 2L * BlockBytes;

    /// <summary>
    /// Clients' transactions and questions that wait for the chain's thread: under a second's.
    /// </summary>
    public const int ClientChainItems = 4_096;

    /// <summary>Bytes of those: a thousand of the largest transactions.</summary>
    public const long ClientChainBytes = 1_024L * TransactionBytes;

    /// <summary>
    /// Bytes that a waiting item counts on top of what it carries: its objects, and the work of taking it.
    /// </summary>
    public const long MailboxItemBytes = 256;

    /// <summary>
    /// Bytes that one source has served before the next one's turn: half a batch of relayed transactions, so
    /// that a client's small ones keep up with peers' batches.
    /// </summary>
    public const long MailboxTurnBytes = 64 * 1024;

    /// <summary>
    /// Blocks that a peer may send in block sync before one of them has a certificate: two answers' worth,
    /// while validators certify all but a few.
    /// </summary>
    public const int SyncUncertifiedBlocks = 1_024;

    /// <summary>Bytes of those: 32 full blocks, which is what a catching-up node can spare.</summary>
    public const long SyncUncertifiedBytes = 64L * 1024 * 1024;

    /// <summary>
    /// Certified blocks in runs, and their bytes, that block sync receives and checks while the chain still
    /// executes the ones before: enough that neither waits for the other.
    /// </summary>
    public const int SyncRunsAhead = 16;

    /// <inheritdoc cref="SyncRunsAhead"/>
    public const long SyncAheadBytes = 16L * 1024 * 1024;

    /// <summary>
    /// Open calls of one validator or observer at a node: its two streams, and questions. Who does not read
    /// the answers holds so many in memory, of a full block each at most.
    /// </summary>
    public const int PeerOpenCalls = 32;

    /// <summary>
    /// Bytes in a key of the state: the longest is an address, a request id, a time and the table, 45.
    /// </summary>
    public const int StateKeyBytes = 64;

    /// <summary>
    /// Bytes in a value of the state: the longest is a proposal, whose payload fits a transaction, with its
    /// approvals.
    /// </summary>
    public const int StateValueBytes = 64 * 1024;

    /// <summary>Entries in a chunk of a snapshot: about 100 KB of balances.</summary>
    public const int SnapshotChunkEntries = 1_024;

    /// <summary>
    /// Bytes of the entries in a chunk of a snapshot: eight of the longest, a few ms to verify.
    /// </summary>
    public const int SnapshotChunkBytes = 512 * 1024;

    /// <summary>Chunks in one stream: the asker comes again, and may ask another peer.</summary>
    public const int SnapshotStreamChunks = 64;

    /// <summary>
    /// Streams of chunks that one node sends at once: each holds a chunk or two in memory, and the disk has
    /// blocks to write.
    /// </summary>
    public const int SnapshotStreams = 4;

    /// <summary>Snapshots that a node keeps: a node that fetches the older one can still end.</summary>
    public const int SnapshotsKept = 2;

    /// <summary>
    /// Headers between a pinned checkpoint and a snapshot, which a node fetches and checks: 34 MB.
    /// </summary>
    public const int CheckpointHeaders = 100_000;

    /// <summary>
    /// Proposals that wait for their body, parent or time while nothing finalizes: two rounds of the largest
    /// set. Only those of the newest views can still get this node's vote.
    /// </summary>
    public const int WaitingProposals = 64;

    /// <summary>Clients that wait for transactions to be final: about 5 MB.</summary>
    public const int TransactionWaiters = 16_384;

    /// <summary>
    /// Transactions that left the pool and can never be final, of which a node still says so: as many as a
    /// full pool can lose at once, about 5 MB.
    /// </summary>
    public const int DroppedTransactions = PoolTransactions;

    /// <summary>
    /// Earlier final blocks of which a node still proves balances. Of an idle network, hours.
    /// </summary>
    public const int RetainedHeads = 4_096;

    /// <summary>
    /// Changed keys that the state trees of those blocks may hold together beside the newest tree: one costs
    /// its path, about 1.2 KB among a million keys, so about 80 MB.
    /// </summary>
    public const int RetainedTreeChanges = 65_536;

    /// <summary>
    /// Observers that one validator lets follow it; they share one lane for their transactions.
    /// </summary>
    public const int Observers = 64;

    /// <summary>How long a question to a peer may take, ms: a few network delays, then another is asked.
    /// </summary>
    public const int PeerDeadlineMs = 2_000;

    /// <summary>Open connections on the operations' port: monitors, and people who look.</summary>
    public const int OperationsConnections = 64;

    /// <summary>Calls that one connection has open: an exchange keeps so many submissions on their way.
    /// </summary>
    public const int StreamsPerConnection = 100;

    /// <summary>Bytes that a connection may have sent and nobody has read.</summary>
    public const int ConnectionWindowBytes = 512 * 1024;

    /// <summary>Bytes in the headers of one call.</summary>
    public const int HeaderBytes = 16 * 1024;

    /// <summary>Headers of one call: ours have at most twelve.</summary>
    public const int Headers = 64;

    /// <summary>How long a client may take to send a call's headers, ms: slow senders hold a place.</summary>
    public const int HeadersWithinMs = 10_000;

    /// <summary>Heights that clients can page through at once: old versions cost disk.</summary>
    public const int PinnedSnapshots = 16;

    /// <summary>
    /// Own votes that a signer guard keeps to say them again: many times those that a restart repeats, and in
    /// the one page that is written for each.
    /// </summary>
    public const int GuardReleasedVotes = 64;

    /// <summary>
    /// Bytes that a peer may send as one stored height: a full block, its receipts, and the events of the
    /// fullest block, of which none is over 256 bytes.
    /// </summary>
    public const long StoredBlockBytes = BlockBytes + (64L * TransactionsPerBlock) + (256L * EventsPerBlock);

    /// <summary>
    /// Share of a device that must be free, percent, for a node to take transactions; then it still follows,
    /// finalizes and serves, while somebody makes room.
    /// </summary>
    public const int DiskRefusePercent = 5;

    /// <summary>At least that much, bytes: more than half a minute of the fullest blocks above the
    /// stop.</summary>
    public const long DiskRefuseFloorBytes = 48L * 1024 * 1024;

    /// <summary>At most that much, bytes: hours of the fullest blocks, however large the device.</summary>
    public const long DiskRefuseCapBytes = 16L * 1024 * 1024 * 1024;

    /// <summary>Share of a device that must be free, percent, for a node to go on at all.</summary>
    public const int DiskStopPercent = 1;

    /// <summary>At least that much, bytes: several seconds of the fullest blocks.</summary>
    public const long DiskStopFloorBytes = 32L * 1024 * 1024;

    /// <summary>At most that much, bytes.</summary>
    public const long DiskStopCapBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>Bytes that a start needs: it writes out the memory tables of both databases.</summary>
    public const long DiskStartBytes = 96L * 1024 * 1024;

    /// <summary>Rows in one page of an answer.</summary>
    public const int PageRows = 500;

    /// <summary>Levels of objects and lists in a JSON file: ours have at most eleven.</summary>
    public const int JsonDepth = 16;

    /// <summary>Institutions in a genesis document.</summary>
    public const int GenesisInstitutions = 256;

    /// <summary>Accounts in a genesis document.</summary>
    public const int GenesisAccounts = 100_000;

    /// <summary>Assets in a genesis document.</summary>
    public const int GenesisAssets = 1_024;

    static Limits()
    {
        Invariant.Require(TransactionBytes < BlockBytes, "a transaction fits a block");
        Invariant.Require(BlockBytes + 65_536 < PeerMessageBytes, "a block fits a peer message");
        Invariant.Require(
            TransactionsPerBlock <= OperationsPerBlock, "a block of single operations is possible");
        Invariant.Require(PoolTransactions >= 2 * TransactionsPerBlock, "the pool holds two full blocks");
        Invariant.Require(
            LanesPerSender >= PoolPerSender, "a sender's waiting transactions may all have lanes");
        Invariant.Require(
            DiskStopFloorBytes < DiskRefuseFloorBytes && DiskStopCapBytes < DiskRefuseCapBytes
                && DiskStopPercent < DiskRefusePercent,
            "a node refuses transactions before it stops");
        Invariant.Require(OperationsPerTransaction <= OperationsPerBlock, "a full transaction fits a block");
    }
}
