// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// Books of both sides, nonce by nonce, kept from the ledger's events and the blocks abroad by nobody's code
/// but this: what was locked, how it ended, what exists abroad, what was burned and released.
/// </summary>
internal sealed class BridgeBooks(BridgeWorld world)
{
    private readonly SortedDictionary<ulong, BridgeLocked> _locks = [];
    private readonly Dictionary<ulong, BridgeLockStatus> _ends = [];
    private readonly HashSet<ulong> _released = [];

    /// <summary>Locks without an end.</summary>
    public int Open => _locks.Count - _ends.Count;

    public int Released => _released.Count;

    public int Locks => _locks.Count;

    /// <summary>The height at which both tokens were joined.</summary>
    public ulong Opened { get; private set; }

    /// <summary>Locks that were minted.</summary>
    public int Minted { get; private set; }

    private ModelChain Chain => world.Evm.Chain;

    /// <summary>An item of a batch that a quorum signed: it is what somebody locked and has not got back.
    /// </summary>
    public bool MayMint(BridgeItem item)
    {
        bool locked = _locks.TryGetValue(item.Nonce, out BridgeLocked? known)
            && (known.Amount, known.Recipient) == (item.Amount, item.To);
        world.Checker.Require("what is minted was locked", locked || world.IsReversed, item);
        bool refunded = _ends.GetValueOrDefault(item.Nonce) == BridgeLockStatus.Refunded;
        world.Checker.Require("minted or given back, never both", !refunded || world.IsReversed, item);
        return item.To != BridgeClients.Stranger && !world.Options.Faults.Any(
            fault => fault.Kind is BridgeFaultKind.RefusedReceiver or BridgeFaultKind.ContractLimit
            && fault.AtMs <= world.Time.NowMs && world.Time.NowMs < fault.EndMs
            && world.Time.NowMs < world.Options.ChaosMs && Refuses(fault, item));
    }

    /// <summary>After each block of the ledger.</summary>
    public void Ledger(ExecutedBlock block)
    {
        foreach (LedgerEvent happened in block.Events.Select(static record => record.Event))
        {
            switch (happened)
            {
                case BridgeTokenMapped when world.Nodes.Count == 0:
                    Opened = world.Ledger.Height.Value;
                    break;
                case BridgeLocked e:
                    _locks.Add(e.Nonce, e);
                    break;
                case BridgeMessageOpened { Kind: BridgeMessageKind.Mint } e:
                    RequireReady(e.MessageId);
                    break;
                case BridgeLockClosed e:
                    Closed(e);
                    break;
                case BridgeReleased e:
                    world.Checker.Require(
                        "a burn is released once", _released.Add(e.BurnNonce), e.BurnNonce);
                    IsSo("released burns are final abroad", BurnOf(e.BurnNonce) is { } burn
                        && burn.Amount == e.Amount && TokenOf(e.Asset) == burn.Token, e);
                    break;
                case BridgeSuspended e:
                    IsSo("released burns are final abroad", BurnOf(e.BurnNonce) is not null, e);
                    break;
                case BridgeSupplyAgreed e:
                    IsSo("agreed supplies are those abroad", IsSupply(e) || world.IsDeceived, e);
                    break;
                case BridgeSignersSet e when e.Epoch > 1:
                    IsSo("a change of signers is final abroad", Final.After.Epoch >= e.Epoch, e);
                    break;
                case BridgeStopsSet e when (e.Stops & BridgeStops.Halted) != 0:
                    world.Checker.Require("the lane halts only for a cause", world.MayHalt, e.Reason);
                    break;
                default:
                    break;
            }
        }

        Compare();
    }

    /// <summary>After each block abroad.</summary>
    public void Remote() => Compare();

    /// <summary>Whether units that nobody locked are final: a reorganisation may have taken them away.
    /// </summary>
    public bool ShowsForgery()
    {
        UInt128 explained = 0;
        Address token = BridgeOptions.Tokens[0].Token;
        foreach (BridgeObservation fact in Chain.Facts(0, Chain.Final))
        {
            explained += fact is MintObserved mint && TokenOf(_locks[mint.Nonce].Asset) == token
                ? _locks[mint.Nonce].Amount.Units
                : 0;
            explained -= fact is BurnObserved burn && burn.Token == token ? burn.Amount.Units : 0;
        }

        return Final.After.Supplies.GetValueOrDefault(token).Units != explained;
    }

    private ModelBlock Final => Chain[Chain.Final];

    private static Address TokenOf(AssetId asset) =>
        BridgeOptions.Tokens.Single(one => one.Asset == asset).Token;

    /// <summary>What was decided is true of blocks that are final now.</summary>
    private void IsSo(string rule, bool holds, object what) =>
        world.Checker.Require(rule, holds || world.IsReversed, what);

    private void Closed(BridgeLockClosed e)
    {
        world.Checker.Require("a lock ends once", _ends.TryAdd(e.Nonce, e.Status), e);
        Minted += e.Status == BridgeLockStatus.Minted ? 1 : 0;
        BridgeLockState locked = world.Ledger.Read.BridgeLock(BridgeOptions.ChainId, e.Nonce)!;
        BridgeObservation[] outcome =
        [
            .. Chain.Facts(0, Chain.Final).Where(fact =>
                fact.Subject == new BridgeSubject(BridgeSubjectKind.Outcome, e.Nonce, default)),
        ];
        if (e.Status == BridgeLockStatus.Minted)
        {
            IsSo("a mint is in a final block", outcome is [MintObserved m] && m.Place == e.Place, e);
        }
        else if (locked.MintId != 0)
        {
            IsSo(
                "what is given back was voided, or is past its deadline, in a final block",
                outcome is [VoidObserved]
                || (outcome is [] && Final.Header.Timestamp > locked.DeadlineSeconds), e);
        }
        else
        {
            IsSo("what waited has no trace abroad", outcome is [], e);
        }
    }

    private BurnObserved? BurnOf(ulong nonce) => Chain.Facts(0, Chain.Final).OfType<BurnObserved>()
        .FirstOrDefault(burn => burn.Nonce == nonce);

    private bool IsSupply(BridgeSupplyAgreed e)
    {
        ModelBlock block = Chain[Math.Min(e.Place.Number, Chain.Final)];
        return block.Header.Hash == e.Place.BlockHash && block.After.Burns == e.Burns
            && block.After.Supplies.GetValueOrDefault(TokenOf(e.Asset)) == e.Supply;
    }

    /// <summary>Both sides as they are now, final or not: a mint follows a lock, a refund what can be no mint
    /// any more, and a release a burn, so at no moment is more abroad than is locked.</summary>
    private void Compare()
    {
        if (world.IsReversed || world.Nodes.Count == 0)
        {
            return;
        }

        HashSet<ulong> minted = [];
        var burned = new Dictionary<Address, UInt128>();
        foreach (BridgeObservation fact in Chain.Facts(0, Chain.Latest.Header.Number))
        {
            if (fact is MintObserved mint)
            {
                world.Checker.Require("a nonce is minted once", minted.Add(mint.Nonce), mint);
            }
            else if (fact is BurnObserved burn)
            {
                burned[burn.Token] = burned.GetValueOrDefault(burn.Token) + burn.Amount.Units;
            }
        }

        foreach ((AssetId asset, Address token) in BridgeOptions.Tokens)
        {
            Compare(asset, token, minted, burned.GetValueOrDefault(token));
        }
    }

    private void Compare(AssetId asset, Address token, HashSet<ulong> minted, UInt128 burned)
    {
        UInt128 existing = 0;
        UInt128 open = 0;
        foreach ((ulong nonce, BridgeLocked locked) in _locks.Where(one => one.Value.Asset == asset))
        {
            bool isMinted = minted.Contains(nonce);
            BridgeLockStatus end = _ends.GetValueOrDefault(nonce);
            world.Checker.Require(
                "minted or given back, never both", !(isMinted && end == BridgeLockStatus.Refunded), nonce);
            world.Checker.Require(
                "what counts as minted exists", isMinted || end != BridgeLockStatus.Minted, nonce);
            existing += isMinted ? locked.Amount.Units : 0;
            open += isMinted || end == BridgeLockStatus.Refunded ? 0 : locked.Amount.Units;
        }

        UInt128 supply = Chain.Now.Supplies.GetValueOrDefault(token).Units;
        BridgeTokenState books = world.Ledger.Read.BridgeToken(BridgeOptions.ChainId, asset)!;
        UInt128 unreleased = burned - books.Released.Units;
        if (world.IsForged)
        {
            return;
        }

        UInt128 escrow = books.InEscrow.Units;
        world.Checker.Require("no more is abroad than is locked", supply <= escrow, asset);
        world.Checker.Require("what is abroad was minted and not burned", supply == existing - burned, asset);
        world.Checker.Require(
            "each locked unit is explained", escrow == supply + open + unreleased,
            $"{asset}: {escrow} locked, {supply} abroad, {open} open, {unreleased} burned");
    }

    private static bool Refuses(BridgeFault fault, BridgeItem item) =>
        fault.Kind == BridgeFaultKind.ContractLimit
            ? item.Amount > new Amount(100 + (fault.Parameter % 2_000))
            : item.To == BridgeClients.Holders[(int)(fault.Parameter % 3)];

    private void RequireReady(ulong messageId)
    {
        foreach (BridgeItem item in world.Ledger.Read.BridgeMessage(BridgeOptions.ChainId, messageId)!.Items)
        {
            BridgeLockState locked = world.Ledger.Read.BridgeLock(BridgeOptions.ChainId, item.Nonce)!;
            world.Checker.Require(
                "a large lock waits before it may be signed", locked.ReadyAt <= world.Ledger.Time, item);
        }
    }
}
