// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Storage;

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
        RuntimeMetrics metrics)
    {
        _guardFile = guardFile;
        Record = record;
        ValidatorSet validators = options.Genesis.ValidatorSet;
        StateTree tree = StateTree.Build(ledger.StateEntries());
        Certificate? floor = ledger.Head.Height.Value == 0
            ? null
            : ledger.FindCertificate(ledger.Head.Height)?.Certificate;
        Chain = new ChainParts(
            validators,
            new BlockTree(new LedgerMachine(ledger.GenesisHash), ledger, validators, tree),
            new TransactionPool(),
            ledger,
            record,
            new TransactionAdmission(ledger.GenesisHash, options.TransactionSignatures),
            new FinalityFeed(new FinalizedHead(ledger.Head.Header, ledger.Head.Hash, tree, floor)),
            metrics,
            TimeSpan.FromMilliseconds(options.Genesis.Consensus.DeltaMs),
            TimeSpan.FromMilliseconds(options.Genesis.Consensus.HeartbeatMs));
        ConsensusConfig config = Config(options, ledger);
        VoteSigner? signer = options.VoteKey is { } key && guardFile is not null
            ? new VoteSigner(
                key, config.OwnIndex, ledger.GenesisHash,
                SignerGuard.Open(guardFile, ledger.GenesisHash, key.Address))
            : null;
        Consensus = new ConsensusParts(config, options.Signatures, record, signer, floor, metrics);
    }

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
    public static ValidatorParts Open(RuntimeOptions options, RuntimeMetrics metrics)
    {
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(options.Genesis);
        BlockHeader header = GenesisBuilder.Header(options.Genesis, StateTree.Empty.Update(changes).Root);
        IGuardFile? guard = options.VoteKey is null ? null : options.OpenGuard();
        LedgerStore? ledger = null;
        ConsensusLog? record = null;
        try
        {
            ledger = LedgerStore.Open(
                options.OpenLedger(), new CommittedBlock(new Block(header, []), [], [], changes));
            IReadOnlyList<string> broken = InvariantChecker.FullCheck(ledger.State);
            Invariant.Require(
                broken.Count == 0, $"state at height {ledger.Head.Height}: {string.Join("; ", broken)}");
            record = ConsensusLog.Open(options.OpenConsensus(), ledger.GenesisHash);
            return new ValidatorParts(options, ledger, record, guard, metrics);
        }
        catch
        {
            record?.Dispose();
            ledger?.Dispose();
            guard?.Dispose();
            throw;
        }
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
}
