// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing;
using SignedTransaction = TokenLedger.Core.Ledger.SignedTransaction;
using Transaction = TokenLedger.Core.Ledger.Transaction;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>Transactions as clients sign and submit them, and proofs as they come back.</summary>
internal static class LedgerTargets
{
    private static readonly ProvenChain Chain = new();
    private static readonly Secp256k1Scheme Scheme = new();
    private static readonly FinalChain Blocks = Grown();

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        new()
        {
            Name = "transaction.Body",
            Shape = new ProtobufShape(V1.Transaction.Descriptor),
            Sample = g => TransactionMapper.Encode(g.Transaction()),
            Decode = body => TransactionMapper.TryDecode(body, out Transaction? transaction) is null
                ? transaction
                : null,
            Encode = value => TransactionMapper.Encode((Transaction)value),
            Covers =
            [
                "TransactionMapper.TryDecode", "PrivilegedMapper.ToDomain", "BridgeMapper.ToDomain",
                "BridgeObservationMapper.ToDomain",
            ],
        },
        new()
        {
            Name = "transaction.Signed",
            Shape = new ProtobufShape(V1.SignedTransaction.Descriptor),
            Sample = g => TransactionMapper.ToWire(new SignedTransaction(
                [.. TransactionMapper.Encode(g.Transaction())], [.. g.Bytes(Limits.SignatureBytes)]))
                .ToByteArray(),
            Decode = bytes => TransactionMapper.TryFromWire(
                V1.SignedTransaction.Parser.ParseFrom(bytes), out SignedTransaction? signed) is null
                ? signed
                : null,
            Encode = value => TransactionMapper.ToWire((SignedTransaction)value).ToByteArray(),
            Spelling = Spelling.Normal,
            Declared = [typeof(InvalidProtocolBufferException)],
            Covers = ["TransactionMapper.TryFromWire"],
        },
        .. Proofs,
        new()
        {
            Name = "crypto.PublicKey",
            Shape = BytesShape.Instance,
            Sample = g => Write(KeyOf(g.Below(256)).PublicKey, g.Coin()),
            Decode = bytes => PublicKey.TryParse(bytes, out PublicKey? key)
                ? (key, bytes.Length == PublicKey.CompressedSize)
                : null,
            Encode = value =>
            {
                (PublicKey key, bool compressed) = ((PublicKey, bool))value;
                return Write(key, compressed);
            },
            Covers = ["PublicKey.TryParse"],
        },
        new()
        {
            Name = "crypto.Signature",
            Shape = BytesShape.Instance,
            Sample = g => KeyOf(g.Below(4)).Sign(Digest),
            Decode = signature => Scheme.TryRecover(Digest, signature, out Address signer) ? signer : null,
            Spelling = Spelling.None,
        },
    ];

    private static ImmutableArray<FuzzTarget> Proofs =>
    [
        new()
        {
            Name = "proof.Balance",
            Shape = new ProtobufShape(BalanceProof.Descriptor),
            Sample = g => (g.Coin()
                ? Chain.Prove(TestNetwork.Alice, TestNetwork.Bond, 500)
                : Chain.Prove(new Address(g.Bytes(Address.Size)), TestNetwork.Carbon, 0)).ToByteArray(),
            Decode = VerifyBalance,
            Spelling = Spelling.None,
            Declared = [typeof(InvalidProtocolBufferException)],
            AllocatedBytes = 256 * 1024,
        },
        new()
        {
            Name = "proof.Supply",
            Shape = new ProtobufShape(SupplyProof.Descriptor),
            Sample = g => ChainProofs.Supply(Blocks, g.Coin() ? TestNetwork.Bond : TestNetwork.Carbon)
                .ToByteArray(),
            Decode = VerifySupply,
            Spelling = Spelling.None,
            Declared = [typeof(InvalidProtocolBufferException)],
            AllocatedBytes = 256 * 1024,
        },
        new()
        {
            Name = "proof.Event",
            Shape = new ProtobufShape(EventProof.Descriptor),
            Sample = g =>
            {
                int height = 1 + g.Below(Blocks.Blocks.Count - 1);
                return ChainProofs.Event(Blocks, height, g.Below(Blocks.Blocks[height].Events.Count))
                    .ToByteArray();
            },
            Decode = VerifyEvent,
            Spelling = Spelling.None,
            Declared = [typeof(InvalidProtocolBufferException)],
            AllocatedBytes = 256 * 1024,
        },
    ];

    private static Hash256 Digest { get; } = Hashing.Hash(DomainTag.Genesis, [7]);

    /// <summary>
    /// Verifies, and then compares with what is true: no other balance can be proved, whatever is sent.
    /// </summary>
    private static VerifiedBalance? VerifyBalance(byte[] bytes)
    {
        VerifiedBalance? shown = BalanceProofVerifier.Verify(
            BalanceProof.Parser.ParseFrom(bytes), Chain.Genesis.Hash, Scheme, out string failure);
        if (shown is not null)
        {
            Amount held = Chain.State.Balance(shown.Account, shown.Asset);
            if (shown.Amount != held || shown.StateRoot != Chain.Header.StateRoot)
            {
                throw new InvalidOperationException($"{shown} was proved and is false; it has {held}");
            }
        }
        else if (failure.Length == 0)
        {
            throw new InvalidOperationException("refused without a reason");
        }

        return shown;
    }

    /// <inheritdoc cref="VerifyBalance"/>
    private static VerifiedSupply? VerifySupply(byte[] bytes)
    {
        VerifiedSupply? shown = SupplyProofVerifier.Verify(
            SupplyProof.Parser.ParseFrom(bytes), Blocks.GenesisHash, Scheme, out string failure);
        if (shown is not null && shown.Amount != Blocks.Ledger.View.Supply(shown.Asset))
        {
            throw new InvalidOperationException($"{shown} was proved and is false");
        }

        return shown is null && failure.Length == 0
            ? throw new InvalidOperationException("refused without a reason")
            : shown;
    }

    /// <inheritdoc cref="VerifyBalance"/>
    private static VerifiedEvent? VerifyEvent(byte[] bytes)
    {
        EventProof proof = EventProof.Parser.ParseFrom(bytes);
        VerifiedEvent? shown = EventProofVerifier.Verify(
            proof, Blocks.GenesisHash, Scheme, out string failure);
        if (shown is not null
            && !Blocks.Blocks[(int)shown.Height.Value].Events[shown.Index].Equals(proof.Event))
        {
            throw new InvalidOperationException($"{shown} was proved and is false");
        }

        return shown is null && failure.Length == 0
            ? throw new InvalidOperationException("refused without a reason")
            : shown;
    }

    /// <summary>Blocks with events, of which every second has a certificate of its own.</summary>
    private static FinalChain Grown()
    {
        var chain = new FinalChain(
            static height => height.Value % 2 == 0, [.. Enumerable.Range(1, 4).Select(KeyOf)]);
        chain.Ledger.Issue(TestNetwork.Alice, 500);
        for (int i = 0; i < 2 || chain.Blocks[^1].Certificate.IsEmpty; i++)
        {
            chain.Ledger.MustRun(
                TestNetwork.Alice,
                new Core.Ledger.Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1 + (ulong)i)),
                new Core.Ledger.Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(9 + (ulong)i)));
        }

        return chain;
    }

    private static byte[] Write(PublicKey key, bool compressed) =>
        compressed ? key.ToCompressed() : key.ToUncompressed();

    private static PrivateKey KeyOf(int index) =>
        PrivateKey.Import(Hashing.Hash(DomainTag.Genesis, [(byte)index, 3]).ToArray());
}
