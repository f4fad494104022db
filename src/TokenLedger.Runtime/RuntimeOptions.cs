// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Rpc;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime;

/// <summary>Everything that a runtime is made of and does not make itself.</summary>
public sealed record RuntimeOptions
{
    /// <summary>The network, already found free of problems.</summary>
    public required GenesisDocument Genesis { get; init; }

    /// <summary>Opens the ledger database. The runtime disposes what it opens.</summary>
    public required Func<IKeyValueStore> OpenLedger { get; init; }

    /// <summary>Opens the consensus database. The runtime disposes what it opens.</summary>
    public required Func<IKeyValueStore> OpenConsensus { get; init; }

    /// <summary>
    /// The consensus vote key; null for an observer, which follows the validators and casts no vote. The
    /// caller disposes it after the runtime.
    /// </summary>
    public required ISigner? VoteKey { get; init; }

    /// <summary>
    /// Opens the vote key's guard; not used for an observer. The runtime disposes what it opens.
    /// </summary>
    public required Func<IGuardFile> OpenGuard { get; init; }

    /// <summary>Recovers signers of votes and certificates.</summary>
    public required ISignatureScheme Signatures { get; init; }

    /// <summary>Checks transactions' signatures.</summary>
    public required ITransactionSignatures TransactionSignatures { get; init; }

    /// <summary>
    /// Opens a connection to the validator of an index; null when its address is not known.
    /// </summary>
    public required Func<int, RpcChannel?> Connect { get; init; }

    /// <summary>Observers that may follow this node; the identity knows them.</summary>
    public int Observers { get; init; }

    /// <summary>Snapshots that this node makes for others; null for none.</summary>
    public SnapshotOptions? Snapshots { get; init; }

    /// <summary>How this node gets a state when it is far behind; null to execute every block.</summary>
    public StateSyncOptions? StateSync { get; init; }

    /// <summary>Tells who a connection is.</summary>
    public required IPeerIdentity Identity { get; init; }

    /// <summary>Called once, from any thread, when the process must stop.</summary>
    public required Action<Exception> OnFatal { get; init; }
}
