// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Protocol.Tests;

public sealed class BalanceProofVerifierTests : IDisposable
{
    private const string Malformed = "A part of the proof is malformed";
    private const string MalformedBalance = "The account, the asset or the amount is malformed";
    private const string OtherHeader = "The certificate does not finalize this header";
    private const string Unsigned = "The certificate has no 3 right signatures of 4 validators";
    private const string NoPath = "The Merkle path does not lead from this balance";
    private const string NoAssetPath = "The Merkle path does not lead from this asset";
    private const string OtherNetwork = "The header is not of this network";

    private readonly ProvenChain _chain = new();
    private readonly Secp256k1Scheme _scheme = new();

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void Verify_Inclusion_ShowsTheBalance()
    {
        VerifiedBalance? shown = Verify(AliceProof(), out string failure);
        Assert.True(shown is not null, failure);
        Assert.Equal("", failure);
        Assert.Equal("testnet", shown.NetworkName);
        Assert.Equal((_chain.Header.Height, _chain.Header.Timestamp), (shown.Height, shown.Time));
        Assert.Equal(_chain.Tree.Root, shown.StateRoot);
        Assert.Equal(
            (TestNetwork.Alice, TestNetwork.Bond, new Amount(500)),
            (shown.Account, shown.Asset, shown.Amount));
        Assert.Equal(_chain.State.Asset(TestNetwork.Bond)!.Definition.Decimals, shown.Decimals);
        Assert.Equal((ProvenChain.Quorum, 4), (shown.Signers, shown.Validators));
    }

    [Fact]
    public void Verify_Exclusion_ShowsZero()
    {
        foreach (Address account in new[] { TestNetwork.Bob, TestNetwork.Nobody, default })
        {
            VerifiedBalance? shown = Verify(_chain.Prove(account, TestNetwork.Carbon, 0), out string failure);
            Assert.True(shown is { Amount.IsZero: true }, failure);
        }
    }

    [Fact]
    public void Verify_AnotherAmount_HasNoPath()
    {
        AssertRefused(NoPath, _chain.Prove(TestNetwork.Alice, TestNetwork.Bond, 501));
        AssertRefused(NoPath, _chain.Prove(TestNetwork.Alice, TestNetwork.Bond, 0));
        AssertRefused(NoPath, _chain.Prove(TestNetwork.Bob, TestNetwork.Bond, 500));
    }

    [Fact]
    public void Verify_AnotherAccountOrAsset_HasNoPath()
    {
        AssertRefused(NoPath, AliceProof(p => p.Account = ByteString.CopyFrom(TestNetwork.Bob.ToArray())));
        AssertRefused(NoPath, AliceProof(p => p.Asset = TestNetwork.Carbon.ToString()));
    }

    [Fact]
    public void Verify_PathOfAnotherKey_HasNoPath()
    {
        byte[] other = StateKeys.Balance(TestNetwork.Bob, TestNetwork.Bond);
        AssertRefused(
            NoPath, AliceProof(p => p.StateProof = ProvenChain.Encoded(_chain.Tree.Prove(other).Write)));
    }

    [Fact]
    public void Verify_OtherDecimals_HaveNoPath()
    {
        AssetState bond = _chain.State.Asset(TestNetwork.Bond)!;
        AssetState scaled = bond with
        {
            Definition = bond.Definition with { Decimals = (byte)(bond.Definition.Decimals + 1) },
        };
        AssertRefused(NoAssetPath, AliceProof(p =>
            p.AssetState = ProvenChain.Encoded(writer => StateCodec.WriteAsset(writer, scaled))));
    }

    [Fact]
    public void Verify_AnotherAssetsState_HasNoPath()
    {
        BalanceProof carbon = _chain.Prove(TestNetwork.Alice, TestNetwork.Carbon, 0);
        AssertRefused(NoAssetPath, AliceProof(p => p.AssetState = carbon.AssetState));
        AssertRefused(NoAssetPath, AliceProof(p => p.AssetProof = carbon.AssetProof));
        AssertRefused(
            NoAssetPath,
            AliceProof(p => (p.AssetState, p.AssetProof) = (carbon.AssetState, carbon.AssetProof)));
    }

    [Fact]
    public void Verify_WrongGenesis_IsAnotherNetwork()
    {
        VerifiedBalance? shown = BalanceProofVerifier.Verify(
            AliceProof(), ProvenChain.Filled(9), _scheme, out string failure);
        Assert.Null(shown);
        Assert.StartsWith("The proof is of network", failure, StringComparison.Ordinal);

        GenesisDocument changed = _chain.Genesis with { ChainId = 1 };
        AssertRefused(
            "The proof is of network", AliceProof(p => p.Genesis = ProvenChain.Encoded(changed.Write)));
    }

    [Fact]
    public void Verify_HeaderOfAnotherNetworkOrValidators_IsRefused()
    {
        BlockHeader header = _chain.Header;
        foreach (BlockHeader changed in new[]
        {
            header with { GenesisHash = ProvenChain.Filled(1) },
            header with { Epoch = new Epoch(1) },
            header with { ValidatorSetHash = ProvenChain.Filled(2) },
        })
        {
            AssertRefused(OtherNetwork, AliceProof(p => p.Header = ProvenChain.Encoded(changed.Write)));
        }
    }

    [Fact]
    public void Verify_AnyOtherFieldOfTheHeader_IsNotWhatWasFinalized()
    {
        BlockHeader header = _chain.Header;
        foreach (BlockHeader changed in new[]
        {
            header with { Height = new Height(10) },
            header with { View = new View(13) },
            header with { ParentHash = ProvenChain.Filled(2) },
            header with { Timestamp = header.Timestamp.Plus(1) },
            header with { Proposer = default },
            header with { TransactionsRoot = ProvenChain.Filled(2) },
            header with { ReceiptsRoot = ProvenChain.Filled(2) },
            header with { EventsRoot = ProvenChain.Filled(2) },
            header with { StateRoot = ProvenChain.Filled(2) },
            header with { NextValidatorSetHash = ProvenChain.Filled(2) },
            header with { HistoryRoot = ProvenChain.Filled(2) },
        })
        {
            AssertRefused(OtherHeader, AliceProof(p => p.Header = ProvenChain.Encoded(changed.Write)));
        }
    }

    [Fact]
    public void Verify_CertificateOfAnotherBlockOrKind_IsRefused()
    {
        BlockHeader other = _chain.Header with { Height = new Height(10) };
        AssertCertificateRefused(OtherHeader, _chain.Certify(other, [0, 1, 2]));
        AssertCertificateRefused(OtherHeader, _chain.Certify(_chain.Header, [0, 1, 2], VoteKind.Notarize));
        AssertCertificateRefused(
            OtherHeader, _chain.Certify(_chain.Header with { View = new View(1) }, [0, 1, 2]));
    }

    [Fact]
    public void Verify_TooFewDuplicateOrForeignSigners_IsUnsigned()
    {
        AssertCertificateRefused(Unsigned, _chain.Certify(_chain.Header, [0, 1]));
        Certificate right = _chain.Certify(_chain.Header, [0, 1, 2]);
        VoteSubject subject = right.Subject;

        // One key signs for two validators; then a set with a member that the network does not have.
        AssertCertificateRefused(Unsigned, Certificate.FromVotes(
            subject, [_chain.Sign(subject, 0, 0), _chain.Sign(subject, 1, 1), _chain.Sign(subject, 2, 1)]));
        AssertCertificateRefused(Unsigned, right with { Signers = 0b1_0011 });
        AssertCertificateRefused(Unsigned, Certificate.FromVotes(
            subject, [_chain.Sign(subject, 0, 0), _chain.Sign(subject, 1, 1), _chain.Sign(subject, 4, 2)]));

        using var foreign = new ProvenChain("another");
        Certificate signed = Certificate.FromVotes(
            subject, [foreign.Sign(subject, 0, 0), foreign.Sign(subject, 1, 1), foreign.Sign(subject, 2, 2)]);
        AssertCertificateRefused(Unsigned, signed);
    }

    [Fact]
    public void Verify_SignaturesOfAnotherNetwork_AreUnsigned()
    {
        // The same keys sign the same subject on a network that differs in nothing but its genesis hash.
        Certificate right = _chain.Certify(_chain.Header, [0, 1, 2]);
        GenesisDocument twin = _chain.Genesis with { ChainId = 7 };
        BlockHeader header = _chain.Header with { GenesisHash = twin.Hash };
        var subject = right.Subject with { BlockHash = header.Hash };
        BalanceProof proof = AliceProof(p =>
        {
            p.Genesis = ProvenChain.Encoded(twin.Write);
            p.Header = ProvenChain.Encoded(header.Write);
            p.Certificate = ProvenChain.Encoded((right with { Subject = subject }).Write);
        });
        Assert.Null(BalanceProofVerifier.Verify(proof, twin.Hash, _scheme, out string failure));
        Assert.StartsWith(Unsigned, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_CutParts_AreMalformed()
    {
        AssertRefused("The proof is of network", AliceProof(p => p.Genesis = Cut(p.Genesis)));
        AssertRefused(Malformed, AliceProof(p => p.Header = Cut(p.Header)));
        AssertRefused(Malformed, AliceProof(p => p.Certificate = Cut(p.Certificate)));
        AssertRefused(Malformed, AliceProof(p => p.StateProof = Cut(p.StateProof)));
        AssertRefused(Malformed, AliceProof(p => p.AssetState = Cut(p.AssetState)));
        AssertRefused(Malformed, AliceProof(p => p.AssetProof = Cut(p.AssetProof)));
        AssertRefused(Malformed, AliceProof(p => p.AssetState = ByteString.Empty));
        AssertRefused(MalformedBalance, AliceProof(p => p.Account = Cut(p.Account)));
        AssertRefused(MalformedBalance, AliceProof(p => p.Asset = "bond"));
        AssertRefused(MalformedBalance, AliceProof(p => p.Amount = "0500"));
        AssertRefused("The proof is of network", new BalanceProof());
    }

    /// <summary>
    /// Whichever byte of whichever part changes: it shows nothing, says why, and does not throw.
    /// </summary>
    [Fact]
    public void Verify_RandomChanges_NeverVerifyAndNeverThrow()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new CoreGenerator(seed);
            BalanceProof proof = AliceProof();
            Func<ByteString, ByteString> change = seed % 4 == 0
                ? _ => ByteString.CopyFrom(random.Bytes(random.Below(300)))
                : bytes => ByteString.CopyFrom(random.Mutate(bytes.Span));
            BalanceProof before = proof.Clone();
            switch (random.Below(7))
            {
                case 0: proof.Genesis = change(proof.Genesis); break;
                case 1: proof.Header = change(proof.Header); break;
                case 2: proof.Certificate = change(proof.Certificate); break;
                case 3: proof.StateProof = change(proof.StateProof); break;
                case 4: proof.AssetState = change(proof.AssetState); break;
                case 5: proof.AssetProof = change(proof.AssetProof); break;
                default: proof.Account = change(proof.Account); break;
            }

            VerifiedBalance? shown = Verify(proof, out string failure);
            Assert.True(shown is null == failure.Length > 0, $"seed {seed}: {failure}");
            Assert.True(shown is null || proof.Equals(before), $"seed {seed}: a changed proof verified");
        }
    }

    private BalanceProof AliceProof(Action<BalanceProof>? change = null)
    {
        BalanceProof proof = _chain.Prove(TestNetwork.Alice, TestNetwork.Bond, 500);
        change?.Invoke(proof);
        return proof;
    }

    private VerifiedBalance? Verify(BalanceProof proof, out string failure) =>
        BalanceProofVerifier.Verify(proof, _chain.Genesis.Hash, _scheme, out failure);

    private void AssertRefused(string sentence, BalanceProof proof)
    {
        VerifiedBalance? shown = Verify(proof, out string failure);
        Assert.Null(shown);
        Assert.StartsWith(sentence, failure, StringComparison.Ordinal);
        Assert.EndsWith(".", failure, StringComparison.Ordinal);
    }

    private void AssertCertificateRefused(string sentence, Certificate certificate) =>
        AssertRefused(sentence, AliceProof(p => p.Certificate = ProvenChain.Encoded(certificate.Write)));

    private static ByteString Cut(ByteString bytes) => ByteString.CopyFrom(bytes.Span[..^1]);
}
