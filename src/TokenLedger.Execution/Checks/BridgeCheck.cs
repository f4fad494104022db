// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>
/// The bridge's books over a whole state: every sum of a token is counted anew from locks and burns, every
/// row that stands for another one has it.
/// </summary>
internal sealed class BridgeCheck(IStateView state, Findings findings)
{
    private readonly LedgerView _read = new(state);
    private readonly SortedDictionary<ulong, BridgeLaneState> _lanes = [];
    private readonly SortedDictionary<ulong, ulong> _burns = [];
    private readonly SortedDictionary<ulong, int> _tokens = [];
    private readonly SortedDictionary<ulong, uint> _openLocks = [];
    private readonly SortedDictionary<(ulong Chain, Address Account), uint> _owners = [];
    private readonly SortedDictionary<(ulong Chain, AssetId Asset), Sums> _sums = [];
    private readonly SortedDictionary<(ulong Chain, ulong Message), int> _open = [];

    public void Run()
    {
        Each(Table.BridgeLane, CheckLane);
        Each(Table.BridgeLock, CheckLock);
        Each(Table.BridgeQueue, CheckQueue);
        Each(Table.BridgeDelayed, CheckDelayed);
        Each(Table.BridgeOutstanding, CheckOutstanding);
        Each(Table.BridgeOwner, CheckOwner);
        Each(Table.BridgeMessage, CheckMessage);
        Each(Table.BridgeOpenMessage, CheckOpenMessage);
        Each(Table.BridgeBurn, CheckBurn);
        Each(Table.BridgeSuspended, CheckSuspended);
        Each(Table.BridgeVote, CheckVotes);
        Each(Table.BridgeToken, CheckToken);
        Each(Table.BridgeTokenAsset, CheckTokenAsset);
        foreach ((ulong chain, Address account) in _owners.Keys)
        {
            findings.Add($"{account} has open locks on lane {chain}, and no row counts them.");
        }

        foreach ((ulong chain, AssetId asset) in _sums.Keys)
        {
            findings.Add($"Lane {chain} has locks or burns of {asset}, which is not joined.");
        }

        foreach ((ulong chain, ulong message) in _open.Keys)
        {
            findings.Add($"Lane {chain} has locks in message {message}, which does not exist.");
        }

        foreach ((ulong chain, BridgeLaneState lane) in _lanes)
        {
            CheckCounts(chain, lane);
        }
    }

    /// <summary>The cheap part, over what a block changed: each escrow holds what its books say.</summary>
    public static void CheckBlock(ExecutedBlock block, Findings findings)
    {
        var after = new LedgerView(block.State);
        var escrows = new SortedDictionary<Address, ulong>();
        StateRows.Each(block.State, Table.BridgeLane, (key, _) =>
        {
            ulong chain = StateKeyReader.BridgeChain(key);
            escrows[BridgeEscrow.Of(chain)] = chain;
        });
        foreach (StateChange change in escrows.Count == 0 ? [] : block.Changes)
        {
            var table = (Table)change.Key.Span[0];
            if (table == Table.BridgeToken)
            {
                CheckEscrow(
                    after, StateKeyReader.BridgeChain(change.Key.Span),
                    StateKeyReader.BridgeAsset(change.Key.Span), findings);
            }
            else if (table == Table.Balance)
            {
                (Address account, AssetId asset) = StateKeyReader.Balance(change.Key.Span);
                if (escrows.TryGetValue(account, out ulong chain))
                {
                    CheckEscrow(after, chain, asset, findings);
                }
            }
        }
    }

    private static void CheckEscrow(LedgerView read, ulong chain, AssetId asset, Findings findings)
    {
        Amount held = read.Balance(BridgeEscrow.Of(chain), asset);
        bool right = read.BridgeToken(chain, asset) is { } token
            ? token.Locked.TrySubtract(token.Refunded, out Amount rest)
                && rest.TrySubtract(token.Released, out rest) && rest == held
            : held.IsZero;
        findings.Require(right, $"The escrow of lane {chain} holds {held} of {asset}; its books differ.");
    }

    private void CheckLane(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong chain = StateKeyReader.BridgeChain(key);
        BridgeLaneState lane = StateCodec.Decode(value, BridgeCodec.ReadLane);
        _lanes[chain] = lane;
        Address escrow = BridgeEscrow.Of(chain);
        findings.Require(
            lane.Terms.ChainId == chain, $"The row of lane {chain} describes {lane.Terms.ChainId}.");
        findings.Require(
            _read.Account(escrow) is { Kind: AccountKind.BridgeEscrow, Freeze: FreezeMode.None },
            $"The escrow of lane {chain} is not registered, something else, or frozen.");
        findings.Require(
            lane.Signers.All(signer => _read.Account(signer.Key)?.Kind == AccountKind.BridgeSigner),
            $"A signer of lane {chain} is not registered, or something else.");
        byte[] from = StateKeys.Balance(escrow, default);
        byte[] to = StateKeys.Balance(escrow, default);
        to.AsSpan(1 + Address.Size).Fill(0xFF);
        StateRows.Each(state, from, to, (row, _) =>
            CheckEscrow(_read, chain, StateKeyReader.Balance(row).Asset, findings));
    }

    private void CheckLock(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (ulong chain, ulong nonce) = Place(key, "lock");
        BridgeLockState locked = StateCodec.Decode(value, BridgeCodec.ReadLock);
        findings.Require(
            nonce >= 1 && nonce < Lane(chain)?.NextLock, $"Lock {nonce} of lane {chain} is ahead.");
        Sums sums = Of(chain, locked.Asset);
        sums.Locked = Plus(sums.Locked, locked.Amount);
        sums.Refunded = Plus(
            sums.Refunded, locked.Status == BridgeLockStatus.Refunded ? locked.Amount : Amount.Zero);
        sums.Minted = Plus(
            sums.Minted, locked.Status == BridgeLockStatus.Minted ? locked.Amount : Amount.Zero);
        if (locked.IsOpen)
        {
            _openLocks[chain] = _openLocks.GetValueOrDefault(chain) + 1;
            _owners[(chain, locked.From)] = _owners.GetValueOrDefault((chain, locked.From)) + 1;
        }

        bool waiting = locked.Status == BridgeLockStatus.Waiting;
        findings.Require(
            waiting == (state.TryGet(StateKeys.BridgeQueue(chain, nonce), out _)
                != state.TryGet(StateKeys.BridgeDelayed(chain, locked.ReadyAt, nonce), out _)),
            $"Lock {nonce} of lane {chain} is {locked.Status}, and its row in the queue says otherwise.");
        findings.Require(
            state.TryGet(StateKeys.BridgeOutstanding(chain, locked.Asset, nonce), out _) == locked.IsOpen,
            $"Lock {nonce} of lane {chain} is {locked.Status}, and its outstanding row says otherwise.");
        findings.Require(
            !locked.IsOpen || (waiting == (locked.MintId == 0)
                && locked.VoidId == 0 == (locked.Status != BridgeLockStatus.Cancelling)),
            $"Lock {nonce} of lane {chain} is {locked.Status} in messages {locked.MintId}, {locked.VoidId}.");
        foreach (ulong message in locked.IsOpen ? new[] { locked.MintId, locked.VoidId } : [])
        {
            if (message != 0)
            {
                _open[(chain, message)] = _open.GetValueOrDefault((chain, message)) + 1;
            }
        }
    }

    private void CheckQueue(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (ulong chain, ulong nonce) = Place(key, "queue row");
        AssetId asset = StateCodec.Decode(value, BridgeCodec.ReadAsset);
        findings.Require(
            _read.BridgeLock(chain, nonce) is { Status: BridgeLockStatus.Waiting } locked
            && locked.Asset == asset,
            $"Lock {nonce} of lane {chain} is queued and does not wait with {asset}.");
    }

    private void CheckDelayed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong chain = StateKeyReader.BridgeChain(key);
        ulong moment = StateKeyReader.BridgeNumber(key);
        ulong nonce = StateKeyReader.BridgeDelayed(key);
        AssetId asset = StateCodec.Decode(value, BridgeCodec.ReadAsset);
        findings.Require(
            _read.BridgeLock(chain, nonce) is { Status: BridgeLockStatus.Waiting } locked
            && locked.Asset == asset && locked.ReadyAt.Value == moment,
            $"Lock {nonce} of lane {chain} is to wait until {moment} with {asset}, and does not.");
    }

    private void CheckOutstanding(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong chain = StateKeyReader.BridgeChain(key);
        AssetId asset = StateKeyReader.BridgeAsset(key);
        ulong nonce = StateKeyReader.BridgeNumber(key[AssetId.Size..]);
        Amount amount = StateCodec.Decode(value, StateCodec.ReadAmount);
        Sums sums = Of(chain, asset);
        sums.Outstanding = Plus(sums.Outstanding, amount);
        findings.Require(
            _read.BridgeLock(chain, nonce) is { IsOpen: true } locked
            && (locked.Asset, locked.Amount) == (asset, amount),
            $"{amount} of {asset} are outstanding on lane {chain}, and lock {nonce} says otherwise.");
    }

    private void CheckOwner(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (ulong chain, var account) = (StateKeyReader.BridgeChain(key), new Address(key[9..]));
        uint count = StateCodec.Decode(value, BridgeCodec.ReadCount);
        _ = _owners.Remove((chain, account), out uint open);
        findings.Require(
            count == open, $"{account} has {open} open locks on lane {chain}, and its row counts {count}.");
    }

    private void CheckMessage(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (ulong chain, ulong id) = Place(key, "message");
        BridgeMessageState message = StateCodec.Decode(value, BridgeCodec.ReadMessage);
        BridgeLaneState? lane = Lane(chain);
        findings.Require(
            id >= 1 && id < lane?.NextMessage && message.Term <= lane.Term,
            $"Message {id} of lane {chain} is not below the next, or of a term to come.");
        bool items = message.Kind switch
        {
            BridgeMessageKind.Mint => message.Items.Length > 0 && message.Items.All(item =>
                _read.BridgeLock(chain, item.Nonce) is { } locked && locked.MintId == id
                && (locked.Amount, locked.Recipient) == (item.Amount, item.To)),
            BridgeMessageKind.Void => message.Items.Length > 0 && message.Items.All(item =>
                _read.BridgeLock(chain, item.Nonce)?.VoidId == id),
            _ => message.Items.IsEmpty,
        };
        findings.Require(items, $"Message {id} of lane {chain} has other items than its locks say.");
        _open.Remove((chain, id), out int open);
        open = message.Kind == BridgeMessageKind.Rotation && lane?.Rotation == id ? 1 : open;
        findings.Require(
            message.Open == open, $"Message {id} of lane {chain} counts {message.Open} open, not {open}.");
        findings.Require(
            state.TryGet(StateKeys.BridgeOpenMessage(chain, id), out _) == message.Open > 0,
            $"Message {id} of lane {chain} has {message.Open} open, and is listed otherwise.");
        findings.Require(
            message.Signatures.Zip(message.Signatures.Skip(1)).All(p => p.First.Signer < p.Second.Signer),
            $"Message {id} of lane {chain} has a signer twice.");
    }

    private void CheckOpenMessage(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (ulong chain, ulong id) = Place(key, "open message");
        findings.Require(
            value.IsEmpty && _read.BridgeMessage(chain, id) is { Open: > 0 },
            $"Message {id} of lane {chain} is listed as open.");
    }

    private void CheckBurn(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (ulong chain, ulong nonce) = Place(key, "burn");
        BridgeBurnState burn = StateCodec.Decode(value, BridgeCodec.ReadBurn);
        bool early = nonce >= Lane(chain)?.NextBurn;
        _burns[chain] = _burns.GetValueOrDefault(chain) + (early ? 0u : 1u);
        findings.Require(
            burn.Seen.Nonce == nonce && early == (burn.Status == BridgeBurnStatus.Waiting),
            $"Burn {nonce} of lane {chain} is {burn.Status}.");
        findings.Require(
            state.TryGet(StateKeys.BridgeSuspended(chain, nonce), out _)
                == (burn.Status == BridgeBurnStatus.Suspended)
            && burn.Hindrance == 0 == (burn.Status != BridgeBurnStatus.Suspended),
            $"Burn {nonce} of lane {chain} is {burn.Status}, and its suspension says otherwise.");
        if (burn.Asset != default)
        {
            Sums sums = Of(chain, burn.Asset);
            sums.Burned = Plus(sums.Burned, burn.Seen.Amount);
            sums.Released = Plus(
                sums.Released, burn.Status == BridgeBurnStatus.Released ? burn.Seen.Amount : Amount.Zero);
        }
    }

    private void CheckSuspended(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        (ulong chain, ulong nonce) = Place(key, "suspension");
        findings.Require(
            value.IsEmpty && _read.BridgeBurn(chain, nonce) is { Status: BridgeBurnStatus.Suspended },
            $"Burn {nonce} of lane {chain} is listed as suspended.");
    }

    private void CheckVotes(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong chain = StateKeyReader.BridgeChain(key);
        var kind = (BridgeSubjectKind)key[9];
        ulong number = StateKeyReader.BridgeNumber(key[1..]);
        var token = new Address(key[18..]);
        BridgeVoteState votes = StateCodec.Decode(value, BridgeCodec.ReadVotes);
        BridgeLaneState? lane = Lane(chain);
        bool undecided = lane is not null && kind switch
        {
            BridgeSubjectKind.Burn => number >= lane.NextBurn && _read.BridgeBurn(chain, number) is null,
            BridgeSubjectKind.Outcome => _read.BridgeLock(chain, number) is { IsOpen: true },
            BridgeSubjectKind.Rotation => number == lane.Epoch + 1,
            _ => number == 0 && _read.BridgeTokenAsset(chain, token) is not null,
        };
        findings.Require(undecided, $"There are votes on {kind} {number} of lane {chain}, which is decided.");
        var seen = new HashSet<(ulong Block, int Signer)>();
        bool once = !votes.Ballots.IsEmpty && votes.Ballots.All(ballot => ballot.Voters != 0
            && Enumerable.Range(0, 32).Where(i => (ballot.Voters >> i & 1) != 0)
                .All(i => seen.Add((ballot.Block, i))
                    && (votes.Term != lane?.Term || i < lane.Signers.Length)));
        findings.Require(
            once && votes.Term <= lane?.Term, $"Votes on {kind} {number} of lane {chain} count wrongly.");
    }

    private void CheckToken(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong chain = StateKeyReader.BridgeChain(key);
        AssetId asset = StateKeyReader.BridgeAsset(key);
        BridgeTokenState token = StateCodec.Decode(value, BridgeCodec.ReadToken);
        _tokens[chain] = _tokens.GetValueOrDefault(chain) + 1;
        findings.Require(
            _read.Asset(asset) is not null && _read.BridgeTokenAsset(chain, token.Token) == asset,
            $"{asset} of lane {chain} does not exist, or its token {token.Token} stands for another.");
        CheckEscrow(_read, chain, asset, findings);
        _ = _sums.Remove((chain, asset), out Sums? sums);
        sums ??= new Sums();
        bool right = (sums.Locked, sums.Refunded, sums.Minted, sums.Burned, sums.Released)
            == (token.Locked, token.Refunded, token.Minted, token.Burned, token.Released)
            && Plus(Plus(sums.Outstanding, sums.Refunded), sums.Minted) == sums.Locked;
        findings.Require(right, $"The sums of {asset} on lane {chain} are not those of its locks and burns.");
        findings.Require(
            token.Released <= token.Burned && token.Released <= token.Minted,
            $"{token.Released} of {asset} were released on lane {chain}: more than burned, or minted.");
    }

    private void CheckTokenAsset(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        ulong chain = StateKeyReader.BridgeChain(key);
        AssetId asset = StateCodec.Decode(value, BridgeCodec.ReadAsset);
        findings.Require(
            _read.BridgeToken(chain, asset)?.Token == new Address(key[9..]),
            $"A token of lane {chain} stands for {asset}, whose token is another.");
    }

    private void CheckCounts(ulong chain, BridgeLaneState lane)
    {
        findings.Require(
            _tokens.GetValueOrDefault(chain) == lane.Tokens,
            $"Lane {chain} has {_tokens.GetValueOrDefault(chain)} tokens and counts {lane.Tokens}.");
        findings.Require(
            _openLocks.GetValueOrDefault(chain) == lane.OpenLocks,
            $"Lane {chain} has {_openLocks.GetValueOrDefault(chain)} open locks, and counts "
            + $"{lane.OpenLocks}.");
        findings.Require(
            _burns.GetValueOrDefault(chain) + 1 == lane.NextBurn,
            $"Lane {chain} comes to burn {lane.NextBurn} after {_burns.GetValueOrDefault(chain)}.");
        findings.Require(
            lane.Rotation == 0
            || _read.BridgeMessage(chain, lane.Rotation) is { Kind: BridgeMessageKind.Rotation, Open: 1 },
            $"Lane {chain} changes its signers by message {lane.Rotation}, which does not.");
    }

    private (ulong Chain, ulong Number) Place(ReadOnlySpan<byte> key, string what)
    {
        (ulong chain, ulong number) = (StateKeyReader.BridgeChain(key), StateKeyReader.BridgeNumber(key));
        findings.Require(
            Lane(chain) is not null, $"There is a {what} {number} of lane {chain}, which is none.");
        return (chain, number);
    }

    private BridgeLaneState? Lane(ulong chain) => _lanes.GetValueOrDefault(chain);

    private Sums Of(ulong chain, AssetId asset)
    {
        if (!_sums.TryGetValue((chain, asset), out Sums? sums))
        {
            _sums.Add((chain, asset), sums = new Sums());
        }

        return sums;
    }

    private void Each(Table table, Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>> visit) =>
        StateRows.Each(state, table, visit);

    /// <summary>The sum, or the most that 128 bits hold, as the rule counts burns.</summary>
    private static Amount Plus(Amount a, Amount b) =>
        a.TryAdd(b, out Amount sum) ? sum : new Amount(UInt128.MaxValue);

    /// <summary>What the rows of one asset on one lane come to.</summary>
    private sealed class Sums
    {
        public Amount Locked { get; set; }

        public Amount Refunded { get; set; }

        public Amount Minted { get; set; }

        public Amount Burned { get; set; }

        public Amount Released { get; set; }

        public Amount Outstanding { get; set; }
    }
}
