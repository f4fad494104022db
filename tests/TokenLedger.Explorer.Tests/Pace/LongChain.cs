// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;
using Transaction = TokenLedger.Core.Ledger.Transaction;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Explorer.Tests.Pace;

/// <summary>
/// A chain of any length that nobody has to keep: real bodies, receipts, events, headers and certificates of
/// a ledger on which accounts are registered and get units, made block by block as they are asked for. No
/// ledger machine runs: what a follower checks holds, and state roots are not among it.
/// </summary>
/// <param name="transactions">How many it has, at least.</param>
/// <param name="accounts">How many accounts are registered on the way.</param>
/// <param name="keys">The validators' keys; null for keyed hashes, which are as cheap as nothing.</param>
/// <param name="together">Whether a transaction that registers an account also moves a unit, so that there
/// can be as many accounts as transactions.</param>
internal sealed class LongChain(
    int transactions, int accounts, IReadOnlyList<PrivateKey>? keys = null, bool together = false)
{
    private const int PerBlock = 500;
    private const int CertificateEvery = 4;
    private static readonly AssetId Bond = TestNetwork.Bond;

    private readonly FinalChain _start = new(keys: keys);

    /// <summary>The last height.</summary>
    public int End => (((transactions + PerBlock - 1) / PerBlock / CertificateEvery) + 1) * CertificateEvery;

    public int Transactions => End * PerBlock;

    public Hash256 GenesisHash => _start.GenesisHash;

    public Core.Genesis.GenesisDocument Genesis => _start.Genesis;

    public ByteString GenesisBytes => _start.GenesisBytes;

    public Protocol.Blocks.FinalBlockVerifier Verifier() => _start.Verifier();

    /// <summary>All blocks from genesis on.</summary>
    public IEnumerable<V1.FinalBlock> Blocks()
    {
        yield return _start.Blocks[0];
        BlockHeader last = StateCodec.Decode(_start.Blocks[0].Header.Span, BlockHeader.Read);
        var ledger = new Ledger(transactions, accounts, together);
        for (int height = 1; height <= End; height++)
        {
            (V1.FinalBlock block, last) = Next(ledger, last, height);
            yield return block;
        }
    }

    private (V1.FinalBlock Block, BlockHeader Header) Next(Ledger ledger, BlockHeader parent, int height)
    {
        var events = new List<EventRecord>();
        var signed = new List<SignedTransaction>();
        var receipts = new List<Receipt>();
        if (height == 1)
        {
            events.Add(new EventRecord(EventRecord.Housekeeping, ledger.Issue()));
        }

        for (int i = 0; i < PerBlock; i++)
        {
            (Transaction transaction, LedgerEvent[] happened) = ledger.Step(height, i);
            signed.Add(new SignedTransaction(
                [.. TransactionMapper.Encode(transaction)], [.. new byte[Limits.SignatureBytes]]));
            receipts.Add(new Receipt(
                signed[^1].IdOn(GenesisHash), null, -1, (uint)events.Count, (uint)happened.Length));
            events.AddRange(happened.Select(one => new EventRecord((uint)i, one)));
        }

        var header = parent with
        {
            Height = new Height((ulong)height),
            View = new View((ulong)height),
            ParentHash = parent.Hash,
            Timestamp = parent.Timestamp.Plus(1_000),
            Proposer = Genesis.Validators[0].Address,
            TransactionsRoot = Block.TransactionsRootOf(signed),
            ReceiptsRoot = ListTree.Root(receipts, static (writer, receipt) => receipt.Write(writer)),
            EventsRoot = ListTree.Root(events, static (writer, record) => EventCodec.Write(writer, record)),
        };
        var block = new V1.FinalBlock { Header = ProvenChain.Encoded(header.Write) };
        if (height % CertificateEvery == 0)
        {
            block.Certificate = ProvenChain.Encoded(_start.Certify(header, [0, 1, 3]).Write);
        }

        block.Transactions.AddRange(signed.Select(TransactionMapper.ToWire));
        block.Receipts.AddRange(receipts.Select(static receipt => ProvenChain.Encoded(receipt.Write)));
        block.Events.AddRange(events.Select(static record =>
            ProvenChain.Encoded(writer => EventCodec.Write(writer, record))));
        return (block, header);
    }

    /// <summary>Balances, and what happens next: a registration, or a transfer to somebody
    /// registered.</summary>
    private sealed class Ledger(int transactions, int accounts, bool together)
    {
        private readonly List<Amount> _balances = [];
        private readonly int _every = Math.Max(1, transactions / Math.Max(1, accounts));
        private Amount _rest;
        private ulong _done;

        public UnitsIssued Issue()
        {
            _rest = new Amount((ulong)transactions * 10);
            return new UnitsIssued(Bond, TestNetwork.Alice, _rest, _rest, _rest);
        }

        public (Transaction Transaction, LedgerEvent[] Happened) Step(int height, int index)
        {
            ulong number = _done++;
            bool registers = _balances.Count == 0
                || (_balances.Count < accounts && number % (ulong)_every == 0);
            if (!registers)
            {
                (Operation operation, LedgerEvent moved) = Move(height, index);
                return (Signed(TestNetwork.Alice, number, operation), [moved]);
            }

            Address account = AccountOf(_balances.Count);
            _balances.Add(Amount.Zero);
            var register = new RegisterAccount(account, AccountKind.Citizen, Address.Zero);
            var registered = new AccountRegistered(
                account, AccountKind.Citizen, Address.Zero, TestNetwork.MinistryRegistrar);
            if (!together)
            {
                return (Signed(TestNetwork.MinistryRegistrar, number, register), [registered]);
            }

            (Operation also, LedgerEvent alsoMoved) = Move(height, index);
            return (Signed(TestNetwork.Alice, number, register, also), [registered, alsoMoved]);
        }

        // To somebody registered as if at random, and the same each time.
        private (Operation Operation, LedgerEvent Happened) Move(int height, int index)
        {
            int to = (int)(((uint)(height * 7_919) + ((uint)index * 104_729)) % (uint)_balances.Count);
            _rest -= new Amount(1);
            _balances[to] += new Amount(1);
            return (
                new Transfer(Bond, AccountOf(to), new Amount(1)),
                new Transferred(
                    Bond, TestNetwork.Alice, AccountOf(to), new Amount(1), _rest, _balances[to]));
        }

        private static Transaction Signed(Address sender, ulong nonce, params Operation[] operations) => new(
            sender, 0, nonce, new TimestampMs(ulong.MaxValue / 2), RequestId: null, Memo: "",
            [.. operations]);
    }

    /// <summary>The account that was registered after so many.</summary>
    public static Address AccountOf(int number)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        BinaryPrimitives.WriteUInt32BigEndian(
            bytes, (uint)((ulong)number * 2_654_435_769 % 4_294_967_296));
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], number);
        return new Address(bytes);
    }
}
