// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Consensus;
using TokenLedger.Evm;

namespace TokenLedger.Testing;

/// <summary>
/// A chain abroad in memory, with the bridge's contracts: blocks are made and become final when a test says
/// so, or give way to others. As an <see cref="IRemoteChain"/> it tells the truth, or what a lie makes of it.
/// Its signatures and deadlines are checked as the contracts do; limits abroad are a test's to play.
/// </summary>
public sealed partial class ModelChain : IRemoteChain
{
    /// <summary>The token and the holder of tests that have but one.</summary>
    public static readonly Address Token = TestNetwork.Named("token");

    /// <inheritdoc cref="Token"/>
    public static readonly Address Abroad = TestNetwork.Named("abroad");

    private readonly Hash256 _ledgerId;
    private readonly OpenBridgeLane _terms;
    private readonly ISignatureScheme _signatures;
    private readonly Func<ulong> _seconds;
    private readonly List<ModelBlock> _blocks = [];
    private readonly List<Func<BridgePlace, BridgeObservation>> _pending = [];
    private readonly List<Func<BridgePlace, MintRefusal>> _refused = [];
    private byte _branch;

    public ModelChain(
        Hash256 ledgerId, OpenBridgeLane terms, ISignatureScheme signatures, Func<ulong> seconds)
    {
        (_ledgerId, _terms, _signatures, _seconds) = (ledgerId, terms, signatures, seconds);
        Now = Contracts.Deployed(terms.Signers);
        Mine();
    }

    /// <summary>The contracts with what the next block will hold.</summary>
    public Contracts Now { get; set; }

    public ModelBlock Latest => _blocks[^1];

    public ulong Final { get; set; }

    /// <summary>In wei for a unit of gas, from the next block on.</summary>
    public ulong BaseFee { get; set; } = 1_000_000_000;

    /// <summary>With which code an item is left out that is not taken.</summary>
    public byte Refusal { get; set; } = 19;

    /// <summary>Whether a mint's item is taken; one that is not leaves the others of its batch alone.
    /// </summary>
    public Func<BridgeItem, bool> Accepts { get; set; } = static _ => true;

    public FactsLie LieOfFacts { get; set; } = static facts => facts;

    public Func<RemoteState, RemoteState> LieOfState { get; set; } = static state => state;

    /// <summary>True to tell of each final block's filter of logs.</summary>
    public bool Blooms { get; set; }

    /// <summary>Called before each read, with its name.</summary>
    public Action<string> Before { get; set; } = static _ => { };

    public ModelBlock this[ulong number] => _blocks[(int)number];

    /// <summary>Ends the block, and the oldest that are not final any more become so.</summary>
    public void Mine(int count = 1, ulong lag = 0)
    {
        for (int i = 0; i < count; i++)
        {
            Add(_branch);
        }

        Final = Math.Max(Final, Latest.Header.Number - Math.Min(lag, Latest.Header.Number));
    }

    /// <summary>Other blocks stand where the last ones stood, with the same content.</summary>
    public void Replace(int count)
    {
        (ModelBlock[] old, ulong final) = ([.. _blocks.TakeLast(count)], Final);
        Rewind(count);
        foreach (ModelBlock block in old)
        {
            Now = block.After;
            Add(_branch);
        }

        Final = final;
    }

    /// <summary>The last blocks are gone with all that was in them, and in the block to come; those that
    /// follow have other hashes.</summary>
    public void Rewind(int count)
    {
        _blocks.RemoveRange(_blocks.Count - count, count);
        _pending.Clear();
        _refused.Clear();
        Now = Latest.After;
        Final = Math.Min(Final, Latest.Header.Number);
        _branch++;
    }

    public void Mint(ulong nonce, ulong amount, Address? token = null, Address? to = null)
    {
        Consume(nonce, place => new MintObserved(nonce, place));
        Supply(token ?? Token, (Int128)amount);
        Now = Now.Credited(token ?? Token, to ?? Abroad, amount);
    }

    public void Void(ulong nonce) => Consume(nonce, place => new VoidObserved(nonce, place));

    /// <summary>Units without a nonce: what no contract does.</summary>
    public void Supply(Address token, Int128 more)
    {
        Amount supply = Now.Supplies.GetValueOrDefault(token);
        Now = Now with
        {
            Supplies = Now.Supplies.SetItem(token, new Amount((UInt128)((Int128)supply.Units + more))),
        };
    }

    public void Burn(ulong amount, Address to, Address? token = null)
    {
        Address burned = token ?? Token;

        // A test may burn what was never minted.
        Int128 held = (Int128)Now.Of(burned, Abroad).Units;
        Now = Now.Credited(burned, Abroad, Int128.Max(0, amount - held));
        Burn(new BurnObserved(
            0, burned, Abroad, BridgeRecipient.Of(to), new Amount(amount), default, default));
    }

    /// <summary>Destroys what a holder has; number, hash chain and place are the chain's to give.</summary>
    public void Burn(BurnObserved wanted)
    {
        BurnObserved burn = wanted with { Nonce = Now.Burns + 1 };
        burn = burn with { Accumulator = BurnChain.Next(Now.Accumulator, burn) };
        Now = Now with { Burns = burn.Nonce, Accumulator = burn.Accumulator };
        Now = Now.Credited(burn.Token, burn.From, -(Int128)burn.Amount.Units);
        Supply(burn.Token, -(Int128)burn.Amount.Units);
        _pending.Add(place => burn with { Place = place });
    }

    public void Rotate(ImmutableArray<BridgeSigner> signers)
    {
        ulong epoch = Now.Epoch + 1;
        Now = Now with { Epoch = epoch, Signers = signers };
        Hash256 keys = BridgeSignerKeys.Hash(signers);
        _pending.Add(place => new RotationObserved(epoch, keys, place));
    }

    /// <summary>A call, of which nothing is left when the contracts refuse it, or when it is but tried.
    /// </summary>
    /// <exception cref="RevertException">They refuse it.</exception>
    public void Call(Address to, ReadOnlySpan<byte> data, bool keep)
    {
        (Contracts before, int pending, int refused) = (Now, _pending.Count, _refused.Count);
        bool kept = false;
        try
        {
            Execute(to, data);
            kept = keep;
        }
        finally
        {
            if (!kept)
            {
                Now = before;
                _pending.RemoveRange(pending, _pending.Count - pending);
                _refused.RemoveRange(refused, _refused.Count - refused);
            }
        }
    }

    private void Execute(Address to, ReadOnlySpan<byte> data)
    {
        if (to == _terms.Contract && data.StartsWith(BridgeAbi.MintBatch.Selector.AsSpan()))
        {
            MintBatch(BridgeAbi.MintBatch.DecodeCall(data));
        }
        else if (to == _terms.Contract && data.StartsWith(BridgeAbi.VoidNonces.Selector.AsSpan()))
        {
            object[] call = BridgeAbi.VoidNonces.DecodeCall(data);
            ulong[] nonces = [.. ((object[])call[1]).Select(Number)];
            RequireSigned(
                Message(BridgeMessageKind.Void, (Address)call[0]) with
                {
                    Items = [.. nonces.Select(nonce => new BridgeItem(nonce, default, default))],
                },
                (object[])call[2]);
            foreach (ulong nonce in nonces.Where(nonce => !Now.Consumed.Contains(nonce)))
            {
                Void(nonce);
            }
        }
        else if (to == _terms.Contract && data.StartsWith(BridgeAbi.PrepareNonces.Selector.AsSpan()))
        {
            object[] call = BridgeAbi.PrepareNonces.DecodeCall(data);
            (ulong first, ulong count) = (Number(call[0]), Number(call[1]));
            Require(count is > 0 and <= 50, "no such count");
            Now = Now with
            {
                Prepared = Now.Prepared.Union(Enumerable.Range(0, (int)count).Select(i => first + (ulong)i)),
            };
        }
        else if (to == _terms.SignerContract && data.StartsWith(BridgeAbi.Rotate.Selector.AsSpan()))
        {
            object[] call = BridgeAbi.Rotate.DecodeCall(data);
            ImmutableArray<BridgeSigner> signers =
                [.. ((object[])call[0]).Select(key => new BridgeSigner((Address)key, default))];
            Require(Number(call[1]) == Now.Epoch + 1, "another epoch is next");
            RequireSigned(
                Message(BridgeMessageKind.Rotation, default) with
                {
                    DeadlineSeconds = Number(call[2]),
                    Signers = signers,
                },
                (object[])call[3]);
            Rotate(signers);
        }
        else if (data.Length > 0)
        {
            throw new RevertException("no such function");
        }
    }

    private void MintBatch(object[] call)
    {
        var token = (Address)call[0];
        ImmutableArray<BridgeItem> items =
        [
            .. ((object[])call[1]).Cast<object[]>().Select(item => new BridgeItem(
                Number(item[0]), (Address)item[1], new Amount((UInt128)(UInt256)item[2]))),
        ];
        var cumulative = new Amount((UInt128)(UInt256)call[3]);
        Require(Number(call[2]) >= _seconds(), "the deadline is over");
        RequireSigned(
            Message(BridgeMessageKind.Mint, token) with
            {
                CumulativeLocked = cumulative,
                DeadlineSeconds = Number(call[2]),
                Items = items,
            },
            (object[])call[4]);
        (UInt128 minted, UInt128 most) = Now.Books.GetValueOrDefault(token);
        most = UInt128.Max(most, cumulative.Units);
        foreach (BridgeItem item in items.Where(item => !Now.Consumed.Contains(item.Nonce)))
        {
            // As in the contract, an item that is refused leaves the others alone.
            if (minted + item.Amount.Units <= most && Accepts(item))
            {
                minted += item.Amount.Units;
                Mint(item.Nonce, (ulong)item.Amount.Units, token, item.To);
            }
            else
            {
                byte reason = Refusal;
                _refused.Add(place => new MintRefusal(item.Nonce, reason, place));
            }
        }

        Now = Now with { Books = Now.Books.SetItem(token, (minted, most)) };
    }

    private BridgeMessageState Message(BridgeMessageKind kind, Address token) =>
        new(kind, Now.Epoch, Now.Epoch, token, default, 0, [], [], 1, []);

    private void RequireSigned(BridgeMessageState message, object[] proof)
    {
        Address[] set = [.. Now.Signers.Select(static signer => signer.Key)];
        Require(set.SequenceEqual(((object[])proof[0]).Cast<Address>()), "another set signs");
        var bitmap = (UInt128)(UInt256)proof[1];
        var bytes = (byte[])proof[2];
        Hash256 digest = new BridgeMessages(_ledgerId, _terms).Digest(message, Now.Epoch);
        int count = 0;
        for (int i = 0; i < set.Length; i++)
        {
            if ((bitmap >> i & 1) != 0)
            {
                ReadOnlySpan<byte> signature =
                    bytes.AsSpan(count * Limits.SignatureBytes, Limits.SignatureBytes);
                Require(
                    _signatures.TryRecover(digest, signature, out Address by) && by == set[i], "forged");
                count++;
            }
        }

        Require(
            count == set.Length - ((set.Length - 1) / 3) && bytes.Length == count * Limits.SignatureBytes,
            "no quorum");
    }

    private void Consume(ulong nonce, Func<BridgePlace, BridgeObservation> fact)
    {
        Invariant.Require(!Now.Consumed.Contains(nonce), "a nonce is used up once");
        Now = Now with { Consumed = Now.Consumed.Add(nonce) };
        _pending.Add(fact);
    }

    private void Add(byte salt)
    {
        byte[] root = new byte[Hash256.Size];
        root[0] = salt;
        ulong number = (ulong)_blocks.Count;
        var header = new EvmBlockHeader
        {
            ParentHash = _blocks.Count == 0 ? default : _blocks[^1].Header.Hash,
            UnclesHash = default,
            Beneficiary = default,
            StateRoot = new Hash256(root),
            TransactionsRoot = default,
            ReceiptsRoot = default,
            LogsBloom = [.. new byte[256]],
            Difficulty = 0,
            Number = number,
            GasLimit = 30_000_000,
            GasUsed = 0,
            Timestamp = _seconds(),
            ExtraData = [],
            MixHash = default,
            ProofNonce = 0,
            BaseFeePerGas = BaseFee,
        };
        var place = new BridgePlace(number, header.Hash, header.Hash);
        _blocks.Add(new ModelBlock(header, Now, [.. _pending.Select(fact => fact(place))])
        {
            Refusals = [.. _refused.Select(refusal => refusal(place))],
        });
        _pending.Clear();
        _refused.Clear();
    }

    private static ulong Number(object value) => (ulong)(UInt256)value;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new RevertException(otherwise);
        }
    }
}
