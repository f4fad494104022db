// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Bridge;

/// <summary>What comparing both sides came to.</summary>
public enum BackingVerdict
{
    /// <summary>Every unit abroad is locked here, and every locked unit is explained.</summary>
    Agrees = 1,

    /// <summary>The two do not fit: something is wrong.</summary>
    Differs = 2,

    /// <summary>One side has not seen what the other has done yet.</summary>
    NotComparable = 3,
}

/// <summary>
/// The proof of backing of one token:
/// locked = supply + mints in flight + voids not refunded + burns unreleased.
/// </summary>
/// <param name="Asset">The asset.</param>
/// <param name="Token">Its token.</param>
/// <param name="Height">The ledger's block.</param>
/// <param name="Block">The block abroad.</param>
/// <param name="Locked">What the escrow holds.</param>
/// <param name="Supply">What exists abroad.</param>
/// <param name="MintsInFlight">Locked, and not used up abroad.</param>
/// <param name="VoidsUnrefunded">Used up abroad without a mint, and not given back yet.</param>
/// <param name="BurnsUnreleased">Burned abroad, and not released yet, the suspended ones included.</param>
/// <param name="Verdict">What it came to.</param>
/// <param name="Note">Why, when it does not agree.</param>
public sealed record Backing(
    AssetId Asset,
    Address Token,
    Height Height,
    RemoteHead Block,
    Amount Locked,
    Amount Supply,
    Amount MintsInFlight,
    Amount VoidsUnrefunded,
    Amount BurnsUnreleased,
    BackingVerdict Verdict,
    string Note)
{
    /// <summary>How far the two chains' times may be apart.</summary>
    private const ulong ClockSkewSeconds = 300;

    /// <summary>Compares both sides for every token of a lane. Pure.</summary>
    /// <param name="ledger">The lane in one final state.</param>
    /// <param name="remote">The contracts after one final block: all outstanding nonces and all tokens were
    /// asked for.</param>
    /// <param name="facts">What happened abroad up to that block and is not decided on the ledger.</param>
    public static ImmutableArray<Backing> Compare(
        LaneView ledger, RemoteState remote, IReadOnlyCollection<BridgeObservation> facts)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(remote);
        ulong applied = ledger.Lane.NextBurn - 1;
        string behind = ledger.Lane.RemoteBlock > remote.Head.Number
            ? $"The ledger knows of block {ledger.Lane.RemoteBlock}; this is block {remote.Head.Number}."
            : "";
        var outcomes = new Dictionary<ulong, BridgeObservation>();
        var burns = new Dictionary<ulong, BurnObserved>();
        foreach (BridgeObservation fact in facts)
        {
            if (fact is BurnObserved burn)
            {
                burns[burn.Nonce] = burn;
            }
            else if (fact is MintObserved or VoidObserved)
            {
                outcomes[fact.Subject.Number] = fact;
                if (fact is MintObserved mint && mint.Nonce >= ledger.Lane.NextLock
                    && !IsForged(ledger, remote, mint.Nonce))
                {
                    behind = $"Nonce {mint.Nonce} was minted; this ledger has not come to its lock yet.";
                }
            }
        }

        for (ulong nonce = applied + 1; behind.Length == 0 && nonce <= remote.Burns; nonce++)
        {
            behind = burns.ContainsKey(nonce) || ledger.Burn(nonce) is not null
                ? ""
                : $"Burn {nonce} stands in block {remote.Head.Number} and its event was not found.";
        }

        return
        [
            .. ledger.Tokens.Select(joined => Of(
                ledger, remote, joined.Key, joined.Value, outcomes, burns.Values, behind)),
        ];
    }

    /// <summary>A lock is final here before anybody signs it. So a ledger that is clearly later than a block
    /// with the mint and does not know its lock shows a forgery, not a delay.</summary>
    private static bool IsForged(LaneView ledger, RemoteState remote, ulong nonce) =>
        ledger.Time.Value / 1_000
            > remote.UnknownSince.GetValueOrDefault(nonce, remote.Head.TimeSeconds) + ClockSkewSeconds;

    private static Backing Of(
        LaneView ledger,
        RemoteState remote,
        AssetId asset,
        BridgeTokenState token,
        Dictionary<ulong, BridgeObservation> outcomes,
        IReadOnlyCollection<BurnObserved> burns,
        string behind)
    {
        Amount inFlight = Amount.Zero;
        Amount voided = Amount.Zero;
        Amount unasked = Amount.Zero;
        foreach ((ulong nonce, BridgeLockState locked) in ledger.Outstanding)
        {
            if (locked.Asset != asset)
            {
                continue;
            }

            // Of a nonce that the ledger has come to since it was asked for, only the events tell.
            bool known = outcomes.TryGetValue(nonce, out BridgeObservation? outcome);
            if (!remote.Consumed.Contains(nonce) && (nonce <= remote.AskedUpTo || !known))
            {
                inFlight = Sum(inFlight, locked.Amount);
                unasked = nonce > remote.AskedUpTo ? Sum(unasked, locked.Amount) : unasked;
            }
            else if (!known)
            {
                behind = $"Nonce {nonce} is used up in block {remote.Head.Number} and its event was not "
                    + "found.";
            }
            else if (outcome is VoidObserved)
            {
                voided = Sum(voided, locked.Amount);
            }
        }

        // Known to the ledger and not released, then those that it does not know of.
        Amount unreleased = token.Burned - token.Released;
        foreach (BurnObserved burn in burns)
        {
            bool ahead = burn.Token == token.Token && burn.Nonce >= ledger.Lane.NextBurn
                && burn.Nonce <= remote.Burns;
            unreleased = ahead ? Sum(unreleased, burn.Amount) : unreleased;
        }

        bool told = remote.Supplies.TryGetValue(token.Token, out Amount supply);
        Amount explained = Sum(Sum(Sum(supply, inFlight), voided), unreleased);
        if (behind.Length == 0)
        {
            behind = Excuse(ledger, remote, token.InEscrow, explained, unasked);
        }

        BackingVerdict verdict = !told || behind.Length > 0 ? BackingVerdict.NotComparable
            : explained == token.InEscrow ? BackingVerdict.Agrees
            : BackingVerdict.Differs;
        return new Backing(
            asset, token.Token, ledger.Height, remote.Head, token.InEscrow, supply, inFlight, voided,
            unreleased, verdict,
            verdict == BackingVerdict.Differs ? $"{token.InEscrow} are locked and {explained} are explained."
                : told || behind.Length > 0 ? behind
                : $"There is no token at {token.Token} in block {remote.Head.Number}.");
    }

    /// <summary>Why two sides that do not fit need not differ; empty when nothing excuses them.</summary>
    private static string Excuse(
        LaneView ledger, RemoteState remote, Amount locked, Amount explained, Amount unasked)
    {
        if (explained != locked && ledger.Time.Value / 1_000 < remote.Head.TimeSeconds)
        {
            // What was minted was locked before. An earlier ledger may not know of it, and of the mint there
            // is no event when endpoints leave it out.
            return $"This ledger is earlier than block {remote.Head.Number}, and does not explain it.";
        }

        // A lock of which nobody asked yet may stand in the supply already, and counts twice when the
        // endpoints leave out its mint. The next look asks.
        return explained > locked && explained - locked <= unasked
            ? $"{explained - locked} may have been minted of locks that were not asked for yet."
            : "";
    }

    /// <summary>What should be locked by what is known abroad.</summary>
    public Amount Explained => Sum(Sum(Sum(Supply, MintsInFlight), VoidsUnrefunded), BurnsUnreleased);

    /// <summary>Of what is beyond 128 bits, as a token abroad may lie, the most that they hold: more than any
    /// lock.</summary>
    private static Amount Sum(Amount a, Amount b) =>
        a.TryAdd(b, out Amount sum) ? sum : new Amount(UInt128.MaxValue);
}
