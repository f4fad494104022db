// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime;

/// <summary>
/// What a validator is before threads and peers join: its open databases, checked, and the parts of chain and
/// consensus over them.
/// </summary>
internal sealed class ValidatorParts : IDisposable
{
    private readonly IGuardFile? _guardFile;

    private ValidatorParts(
        RuntimeOptions options, LedgerStore ledger, ConsensusLog record, IGuardFile? guardFile,
        RuntimeMetrics metrics, ISnapshotTaker? snapshots)
    {
        _guardFile = guardFile;
        Record = record;
        ValidatorSet validators = options.Genesis.ValidatorSet;
        StateTree tree = StateTree.Build(ledger.StateEntries());
        Certificate? floor = ledger.Head.Height.Value == 0
            ? null
            : ledger.FindCertificate(ledger.Head.Height)?.Certificate;
        IReadOnlyList<RetainedHead> heads = RetainedTrees.Before(
            ledger, new FinalizedHead(ledger.Head.Header, ledger.Head.Hash, tree, floor),
            out string? problem);
        RetainedProblem = problem;
        Chain = new ChainParts(
            validators,
            new BlockTree(
                new LedgerMachine(ledger.GenesisHash), ledger, validators, tree,
                options.StateSync?.Checkpoint),
            new TransactionPool(),
            ledger,
            record,
            new TransactionAdmission(ledger.GenesisHash, options.TransactionSignatures),
            new FinalityFeed(heads),
            metrics,
            TimeSpan.FromMilliseconds(options.Genesis.Consensus.DeltaMs),
            TimeSpan.FromMilliseconds(options.Genesis.Consensus.HeartbeatMs),
            snapshots);
        ConsensusConfig config = Config(options, ledger);
        VoteSigner? signer = options.VoteKey is { } key && guardFile is not null
            ? new VoteSigner(
                key, config.OwnIndex, ledger.GenesisHash,
                SignerGuard.Open(guardFile, ledger.GenesisHash, key.Address))
            : null;
        Consensus = new ConsensusParts(config, options.Signatures, record, signer, floor, metrics);
    }

    /// <summary>Why fewer earlier states can be proved than before the restart; null as a rule.</summary>
    public string? RetainedProblem { get; }

    /// <summary>What the chain is made of.</summary>
    public ChainParts Chain { get; }

    /// <summary>What consensus is made of.</summary>
    public ConsensusParts Consensus { get; }

    /// <summary>What must survive a crash.</summary>
    public ConsensusLog Record { get; }

    /// <summary>
    /// Takes the guard's lease, opens the databases, counts the whole state and rebuilds its tree.
    /// </summary>
    /// <exception cref="StorageFault">A database cannot be opened; the message tells an operator what to
    /// do.</exception>
    /// <exception cref="InvariantException">What is on disk does not hold together.</exception>
    public static ValidatorParts Open(
        RuntimeOptions options, RuntimeMetrics metrics, ISnapshotTaker? snapshots = null)
    {
        IGuardFile? guard = options.VoteKey is null ? null : options.OpenGuard();
        LedgerStore? ledger = null;
        ConsensusLog? record = null;
        try
        {
            ledger = LedgerStore.Open(options.OpenLedger(), GenesisBlock(options.Genesis));
            IReadOnlyList<string> broken = InvariantChecker.FullCheck(ledger.State);
            Invariant.Require(
                broken.Count == 0, $"state at height {ledger.Head.Height}: {string.Join("; ", broken)}");
            record = ConsensusLog.Open(options.OpenConsensus(), ledger.GenesisHash);
            RequireCheckpoint(options.StateSync?.Checkpoint, ledger);
            return new ValidatorParts(options, ledger, record, guard, metrics, snapshots);
        }
        catch
        {
            record?.Dispose();
            ledger?.Dispose();
            guard?.Dispose();
            throw;
        }
    }

    /// <summary>Height 0, as genesis has it.</summary>
    internal static CommittedBlock GenesisBlock(GenesisDocument genesis)
    {
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(genesis);
        BlockHeader header = GenesisBuilder.Header(genesis, StateTree.Empty.Update(changes).Root);
        return new CommittedBlock(new Block(header, []), [], [], changes);
    }

    /// <summary>Closes the databases and the guard.</summary>
    public void Dispose()
    {
        Record.Dispose();
        Chain.Ledger.Dispose();
        _guardFile?.Dispose();
    }

    private static ConsensusConfig Config(RuntimeOptions options, LedgerStore ledger)
    {
        ValidatorSet validators = options.Genesis.ValidatorSet;
        BlockHeader? genesis = ledger.FindHeader(new Height(0));
        Invariant.Require(genesis is not null, "an open ledger has its genesis block");
        int own = options.VoteKey is { } key ? validators.IndexOf(key.Address) : ConsensusConfig.Observer;
        Invariant.Require(
            options.VoteKey is null || own >= 0, "the vote key is a validator's of this network");
        return new ConsensusConfig(
            validators,
            ledger.GenesisHash,
            genesis.Hash,
            own,
            ConsensusTimers.FromDelta(
                options.Genesis.Consensus.DeltaMs, options.Genesis.Consensus.HeartbeatMs));
    }

    /// <summary>What was followed before the operator pinned a block must have that block.</summary>
    private static void RequireCheckpoint(Checkpoint? checkpoint, LedgerStore ledger)
    {
        if (checkpoint is not null
            && ledger.FindHeader(checkpoint.Height) is { } header && header.Hash != checkpoint.Hash)
        {
            throw new StorageFault(
                StorageFaultKind.Genesis,
                StorageScope.Process,
                $"The ledger has the block {header.Hash} at height {checkpoint.Height}; the pinned checkpoint"
                    + $" is {checkpoint.Hash}. One of the two is not this network's: correct sync.checkpoint,"
                    + " or move the ledger away and let the node sync again from its peers.");
        }
    }
}
