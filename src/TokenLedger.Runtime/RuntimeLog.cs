// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime;

/// <summary>Everything that the runtime logs. Ids are stable.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(
        100, LogLevel.Debug,
        "Committed height {Height} {Hash} of view {View} with {Transactions} transactions")]
    public static partial void Committed(
        ILogger logger, ulong height, Hash256 hash, ulong view, int transactions);

    [LoggerMessage(101, LogLevel.Debug, "Work waits in view {View}: {Count} transactions in the pool")]
    public static partial void WorkWaits(ILogger logger, ulong view, int count);

    [LoggerMessage(
        102, LogLevel.Warning, "Refused the proposal of height {Height} in view {View}: {Problem}")]
    public static partial void ProposalRefused(ILogger logger, ulong height, ulong view, string problem);

    [LoggerMessage(103, LogLevel.Critical,
        "A quorum notarized block {Hash} of view {View}, which is invalid here: {Problem}. This node "
        + "withholds its finalize")]
    public static partial void CertificationFailed(ILogger logger, ulong view, Hash256 hash, string problem);

    [LoggerMessage(
        104, LogLevel.Debug,
        "Passed over the old proposal of height {Height} in view {View}: that height is final elsewhere")]
    public static partial void ProposalPassed(ILogger logger, ulong height, ulong view);

    [LoggerMessage(110, LogLevel.Information, "Replayed {Records} consensus records; entering view {View}")]
    public static partial void Replayed(ILogger logger, int records, ulong view);

    [LoggerMessage(
        115, LogLevel.Error,
        "Fewer earlier states can be proved than before the start, since the disk gave other bytes than it"
        + " was given: {Problem}")]
    public static partial void TreesDamaged(ILogger logger, string problem);

    [LoggerMessage(
        111, LogLevel.Critical,
        "Validator {Signer} equivocated in view {View}. Proof, two votes in canonical form: {Proof}")]
    public static partial void Equivocation(ILogger logger, int signer, ulong view, string proof);

    [LoggerMessage(
        112, LogLevel.Critical,
        "Quarantine: this validator signs nothing, since how far its key has signed is not known: the guard"
        + " is {Doubt}. It asks its peers")]
    public static partial void Quarantined(ILogger logger, string doubt);

    [LoggerMessage(
        113, LogLevel.Warning, "Quarantine ended: this validator signs from view {View} on")]
    public static partial void Readmitted(ILogger logger, ulong view);

    [LoggerMessage(
        114, LogLevel.Warning, "The guard refused a {Kind} vote of view {View}; its doubt is {Doubt}")]
    public static partial void VoteRefused(ILogger logger, string kind, ulong view, GuardDoubt doubt);

    [LoggerMessage(
        127, LogLevel.Error, "{Peer} hears another process of this validator and refuses this one")]
    public static partial void Fenced(ILogger logger, string peer);

    [LoggerMessage(120, LogLevel.Information, "Connected to {Peer}")]
    public static partial void PeerConnected(ILogger logger, string peer);

    [LoggerMessage(121, LogLevel.Warning, "Lost {Peer}: {Reason}. Trying again")]
    public static partial void PeerLost(ILogger logger, string peer, string reason);

    [LoggerMessage(122, LogLevel.Warning, "Blocking {Peer} for {Seconds} s: {Fault}")]
    public static partial void PeerBlocked(ILogger logger, string peer, double seconds, string fault);

    [LoggerMessage(
        123, LogLevel.Warning, "Ignoring {Peer} for a while: it sent a malformed message: {Reason}")]
    public static partial void PeerMalformed(ILogger logger, string peer, string reason);

    [LoggerMessage(124, LogLevel.Debug, "Asked {Peer} in vain: {Reason}")]
    public static partial void AskFailed(ILogger logger, string peer, string reason);

    [LoggerMessage(125, LogLevel.Error, "The link to {Peer} failed in an unforeseen way. Trying again")]
    public static partial void LinkFailed(ILogger logger, string peer, Exception cause);

    [LoggerMessage(126, LogLevel.Error, "Asking {Peer} failed in an unforeseen way")]
    public static partial void AskBroke(ILogger logger, string peer, Exception cause);

    [LoggerMessage(130, LogLevel.Information, "Behind: catching up from height {Height} by {Peer}")]
    public static partial void CatchingUp(ILogger logger, ulong height, string peer);

    [LoggerMessage(131, LogLevel.Information, "Caught up to height {Height}: {Blocks} blocks in {Seconds} s")]
    public static partial void CaughtUp(ILogger logger, ulong height, long blocks, double seconds);

    [LoggerMessage(132, LogLevel.Warning, "Block sync from {Peer} failed: {Reason}")]
    public static partial void SyncFailed(ILogger logger, string peer, string reason);

    [LoggerMessage(133, LogLevel.Error, "Block sync from {Peer} failed in an unforeseen way")]
    public static partial void SyncBroke(ILogger logger, string peer, Exception cause);

    [LoggerMessage(
        134, LogLevel.Information,
        "Far behind: fetching the state of height {Height}, of which {Held} entries are here already")]
    public static partial void StateSyncBegins(ILogger logger, ulong height, int held);

    [LoggerMessage(
        135, LogLevel.Information,
        "Fetched and verified the state of height {Height}: {Entries} entries in {Seconds} s")]
    public static partial void StateSyncDone(ILogger logger, ulong height, int entries, double seconds);

    [LoggerMessage(136, LogLevel.Warning, "State sync from {Peer}: {Problem}. Asking others")]
    public static partial void StateSyncRefused(ILogger logger, string peer, string problem);

    [LoggerMessage(
        137, LogLevel.Warning,
        "No peer serves the state of height {Height} any more")]
    public static partial void StateSyncGivenUp(ILogger logger, ulong height);

    [LoggerMessage(
        138, LogLevel.Information, "Made a snapshot of height {Height}: {Entries} entries in {Seconds} s")]
    public static partial void SnapshotMade(ILogger logger, ulong height, int entries, double seconds);

    [LoggerMessage(139, LogLevel.Warning, "No snapshot of height {Height}: {Reason}")]
    public static partial void SnapshotFailed(ILogger logger, ulong height, string reason);

    [LoggerMessage(141, LogLevel.Warning, "Removing {Path}, which is no whole snapshot: {Reason}")]
    public static partial void SnapshotUnreadable(ILogger logger, string path, string reason);

    [LoggerMessage(140, LogLevel.Critical, "The node cannot go on and stops")]
    public static partial void Fatal(ILogger logger, Exception cause);
}
