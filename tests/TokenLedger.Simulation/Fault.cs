// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Simulation;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    Loss,
    Duplicate,
    Reorder,
    Corrupt,
    OneWayCut,
    Deaf,
    Ring,
    Split,
    Clog,
    SlowLink,
    Crash,
    CrashAtWrite,
    TornWrite,
    RestartStorm,
    Pause,
    ClockSkew,
    ClockJump,
    ClockFreeze,
    WriteError,
    SyncError,
    DiskFull,
    DiskStall,
    BitRot,
    MisdirectedRead,
    Outage,

    /// <summary>Ledger and consensus record are those of a while ago; the signer guard is not.</summary>
    RestoreOldBackup,

    /// <summary>The signer guard's file is gone, or rotten.</summary>
    LostGuard,

    /// <summary>The signer guard's file is that of a while ago; ledger and record are not.</summary>
    OldGuard,

    /// <summary>Ledger, consensus record and snapshots are gone; the signer guard is not.</summary>
    WipedDisk,
}

/// <summary>
/// One fault, as data: from a moment, for a while, at a node (and, on a link, towards another one). Its id
/// names its random choices: leaving out another fault does not change it.
/// </summary>
internal sealed record Fault(
    ulong Id, ulong AtMs, ulong ForMs, FaultKind Kind, int Target, int Peer, ulong Parameter)
{
    public ulong EndMs => AtMs + ForMs;

    public override string ToString() =>
        $"#{Id} {AtMs}..{EndMs} ms {Kind} node {Target} peer {Peer} parameter {Parameter}";
}
