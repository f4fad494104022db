// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation;

/// <summary>What goes wrong around the bridge.</summary>
internal enum BridgeFaultKind
{
    /// <summary>Some blocks that are not final give way to others: what was in them is lost, comes again, or
    /// comes later.</summary>
    Reorg,

    /// <summary>All blocks that are not final give way.</summary>
    DeepReorg,

    /// <summary>Final blocks give way, which must never be.</summary>
    FinalReversal,

    /// <summary>Blocks come, and none becomes final.</summary>
    FinalityStall,

    /// <summary>Units appear abroad without a nonce.</summary>
    ForgedUnits,
    FeeSpike,

    /// <summary>What is handed in abroad is lost.</summary>
    MempoolLoss,

    /// <summary>One sender's transactions get into no block.</summary>
    Stuck,

    /// <summary>The contract refuses to mint for one receiver.</summary>
    RefusedReceiver,
    ViewLag,
    ViewThrows,
    WrongChain,

    /// <summary>The endpoints tell of a final block as others see it some looks later, or earlier.</summary>
    ViewFlaps,
    OmittedEvents,
    InventedEvents,

    /// <summary>Mints are told as voids, and the other way round: at faulty signers only, as nothing proves
    /// it.</summary>
    SwappedOutcomes,

    /// <summary>A block or transaction of an event is another: at faulty signers only.</summary>
    MovedEvents,

    /// <summary>A change of signers is invented or left out: at faulty signers only.</summary>
    RotationLies,
    WrongSupply,

    /// <summary>The same at all signers: the lane halts.</summary>
    WrongSupplyEverywhere,

    /// <summary>The newest block is called final: at faulty signers only.</summary>
    EarlyFinality,
    Kill,
    PowerLoss,
    PowerLossAtWrite,
    TornWrite,
    WriteError,
    Outage,
    Pause,
    LedgerLag,

    /// <summary>A signer's ledger is that of a while ago, and comes back to the present.</summary>
    OldLedger,
    LedgerStall,
    SubmitRefused,
    SubmitLost,
    ClockSkew,
    LocksPaused,
    ReleasesPaused,
    AssetPaused,
    FrozenReceiver,
    TightOutbound,
    TightInbound,
    Rotation,

    /// <summary>Officers let large locks wait before anybody may sign them.</summary>
    LargeLocksWait,

    /// <summary>The contract mints no large item, as when its bucket is empty.</summary>
    ContractLimit,

    /// <summary>An operator lets a signer read the chain anew.</summary>
    Reset,
}

/// <summary>
/// One fault, as data: from a moment, for a while, at a signer. Its id names its random choices: leaving out
/// another fault does not change it.
/// </summary>
internal sealed record BridgeFault(
    ulong Id, ulong AtMs, ulong ForMs, BridgeFaultKind Kind, int Target, ulong Parameter)
{
    public ulong EndMs => AtMs + ForMs;

    public override string ToString() =>
        $"#{Id} {AtMs}..{EndMs} ms {Kind} signer {Target} parameter {Parameter}";
}
