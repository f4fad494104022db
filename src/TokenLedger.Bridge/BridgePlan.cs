// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Bridge;

/// <summary>What a signer has to do next, from both sides' final states.</summary>
/// <param name="Observe">What it saw abroad and the ledger has not decided.</param>
/// <param name="Sign">Open messages that lack its signature, by id.</param>
/// <param name="Send">Open messages that a quorum may have signed, by id.</param>
/// <param name="Retry">Suspended burns whose hindrance seems to be gone.</param>
public sealed record BridgePlan(
    ImmutableArray<BridgeObservation> Observe,
    ImmutableArray<ulong> Sign,
    ImmutableArray<ulong> Send,
    ImmutableArray<ulong> Retry)
{
    /// <summary>How long it is one signer's turn to have a suspended burn released, ms.</summary>
    private const ulong RetryTurnMs = 15_000;

    /// <summary>Nothing to do.</summary>
    public static BridgePlan Nothing { get; } = new([], [], [], []);

    /// <summary>Makes the plan of one signer. Pure.</summary>
    /// <param name="ledger">The lane in one final state.</param>
    /// <param name="remote">The contracts after one final block.</param>
    /// <param name="facts">What happened abroad up to that block, by subject.</param>
    /// <param name="report">The contracts after the last block that is reported on; null when there is
    /// nothing to report.</param>
    /// <param name="backing">Both sides compared.</param>
    /// <param name="key">The signer.</param>
    public static BridgePlan Make(
        LaneView ledger,
        RemoteState remote,
        IReadOnlyCollection<BridgeObservation> facts,
        RemoteState? report,
        ImmutableArray<Backing> backing,
        Address key)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(remote);
        int signer = ledger.Lane.IndexOf(key);
        if (signer < 0 || (ledger.Lane.Stops & BridgeStops.Halted) != 0)
        {
            return Nothing;
        }

        return new BridgePlan(
            [
                .. Seen(ledger, remote, facts, report, backing)
                    .Where(observation => !ledger.HasVoted(observation, signer)),
            ],
            [
                .. ledger.Messages.Where(message => MaySign(ledger, message.Key, message.Value, backing)
                    && !HasSigned(ledger, message.Value, signer)).Select(static message => message.Key),
            ],
            [
                .. ledger.Messages.Where(message => MaySend(ledger, remote, message.Value))
                    .Select(static message => message.Key),
            ],
            [
                .. ledger.Suspended.Where(burn => MayRetry(ledger, burn.Value, signer))
                    .Select(static burn => burn.Key),
            ]);
    }

    private static IEnumerable<BridgeObservation> Seen(
        LaneView ledger,
        RemoteState remote,
        IReadOnlyCollection<BridgeObservation> facts,
        RemoteState? report,
        ImmutableArray<Backing> backing)
    {
        BridgeLaneState lane = ledger.Lane;

        // Before all else: an alarm that halts the lane keeps what comes after it from being decided.
        foreach (Backing differing in backing.Where(static b => b.Verdict == BackingVerdict.Differs))
        {
            yield return new MismatchObserved(
                differing.Token, differing.Locked, differing.Explained,
                new BridgePlace(differing.Block.Number, differing.Block.Hash, default));
        }

        // What is burned from the first mint on that nobody can explain may be what that one made.
        ulong explained = backing.Any(static b => b.Verdict == BackingVerdict.Differs) ? 0
            : facts.OfType<MintObserved>().Where(mint => mint.Nonce >= lane.NextLock)
                .Select(static mint => mint.SeenAt).DefaultIfEmpty(ulong.MaxValue).Min();
#if PLANTED
        explained = Planted.Is(PlantedBug.BridgeSignsUnbacked) ? ulong.MaxValue : explained;
#endif

        // In their order abroad, mints before burns: what burns units must not come before what made them.
        IEnumerable<BridgeObservation> inOrder = facts.Where(fact => fact.SeenAt <= remote.Head.Number)
            .OrderBy(static fact => fact.SeenAt).ThenBy(static fact => fact is BurnObserved);
        foreach (BridgeObservation fact in inOrder)
        {
            bool open = fact switch
            {
                BurnObserved o => o.SeenAt < explained && o.Nonce >= lane.NextBurn
                    && o.Nonce < lane.NextBurn + Limits.BridgeBurnsAhead && ledger.Burn(o.Nonce) is null,
                MintObserved or VoidObserved => HasEnded(ledger, remote, fact.Subject.Number),
                RotationObserved o => o.Epoch == lane.Epoch + 1,
                _ => false,
            };
            if (open)
            {
                yield return fact;
            }
        }

        // A final block is later than the deadline and does not know the nonce: no later block will.
        foreach ((ulong nonce, BridgeLockState locked) in ledger.Outstanding)
        {
            ulong now = remote.Head.TimeSeconds;
#if PLANTED
            now = Planted.Is(PlantedBug.BridgeExpiryByLedgerClock) ? ledger.Time.Value / 1_000 : now;
#endif
            if (now > locked.DeadlineSeconds && !remote.Consumed.Contains(nonce)
                && nonce <= remote.AskedUpTo)
            {
                yield return new ExpiryObserved(nonce);
            }
        }

        foreach (BridgeTokenState token in report is null ? [] : ledger.Tokens.Values)
        {
            if (report!.Supplies.TryGetValue(token.Token, out Amount supply)
                && (token.Report is not { } last || last.Place.Number < report.Head.Number))
            {
                yield return new SupplyObserved(
                    token.Token, supply, report.Burns,
                    new BridgePlace(report.Head.Number, report.Head.Hash, default));
            }
        }
    }

    /// <summary>The contract's storage says that the nonce is used up, and the ledger takes it: of a lock in
    /// no message it refuses the whole operation, and with it all else that stands there.</summary>
    private static bool HasEnded(LaneView ledger, RemoteState remote, ulong nonce) =>
        remote.Consumed.Contains(nonce)
        && ledger.Outstanding.TryGetValue(nonce, out BridgeLockState? locked)
        && locked.Status != BridgeLockStatus.Waiting;

    /// <summary>Nothing is signed for a token whose backing is not shown to add up.</summary>
    private static bool MaySign(
        LaneView ledger, ulong id, BridgeMessageState message, ImmutableArray<Backing> backing) =>
        message.Kind switch
        {
            BridgeMessageKind.Mint => (ledger.Lane.Stops & BridgeStops.Locks) == 0
                && message.DeadlineSeconds > ledger.Time.Value / 1_000
                && Agrees(backing, message.Token),
            BridgeMessageKind.Void => Agrees(backing, message.Token),
            _ => ledger.Lane.Rotation == id,
        };

    private static bool Agrees(ImmutableArray<Backing> backing, Address token)
    {
#if PLANTED
        if (Planted.Is(PlantedBug.BridgeSignsUnbacked)) { return true; }
#endif
        return backing.Any(b => b.Token == token && b.Verdict == BackingVerdict.Agrees);
    }

    private static bool HasSigned(LaneView ledger, BridgeMessageState message, int signer) =>
        message.Term == ledger.Lane.Term
        && message.Signatures.Any(signature => signature.Signer == signer);

    private static bool MaySend(LaneView ledger, RemoteState remote, BridgeMessageState message) =>
        message.Term == ledger.Lane.Term
        && message.Signatures.Length >= ledger.Lane.Quorum
        && (message.Kind != BridgeMessageKind.Mint
            || (message.DeadlineSeconds > remote.Head.TimeSeconds
                && (ledger.Lane.Stops & BridgeStops.Locks) == 0))
        && (message.Kind == BridgeMessageKind.Rotation
            || message.Items.Any(item =>
                ledger.Outstanding.ContainsKey(item.Nonce) && !remote.Consumed.Contains(item.Nonce)));

    /// <summary>Signers take turns with each burn, by the ledger's time: not all ask again at once, and one
    /// that is away keeps nobody waiting.</summary>
    private static bool MayRetry(LaneView ledger, BridgeBurnState burn, int signer)
    {
        ulong turn = burn.Seen.Nonce + (ledger.Time.Value / RetryTurnMs);
        if (turn % (ulong)ledger.Lane.Signers.Length != (ulong)signer
            || (ledger.Lane.Stops & BridgeStops.Releases) != 0)
        {
            return false;
        }

        ledger.Tokens.TryGetValue(burn.Asset, out BridgeTokenState? token);
        return burn.Hindrance switch
        {
            RejectionCode.BridgePaused => true,
            RejectionCode.BridgeLimit => token is not null && burn.Seen.Amount
                <= BridgeBuckets.AvailableAt(token.Inbound, token.Quota.Inbound, ledger.Time),
            RejectionCode.BridgeBacking => token is not null
                && burn.Seen.Amount <= token.Minted - token.Released,
            _ => false,
        };
    }
}
