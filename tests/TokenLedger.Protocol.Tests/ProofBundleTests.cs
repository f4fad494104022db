// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;

namespace TokenLedger.Protocol.Tests;

/// <summary>Proofs of supplies and events, and the file that holds a proof of any kind.</summary>
public sealed class ProofBundleTests : IDisposable
{
    private readonly PrivateKey[] _keys =
        [.. Enumerable.Range(1, 4).Select(i => PrivateKey.Import(ProvenChain.Filled((byte)i).ToArray()))];

    private readonly Secp256k1Scheme _scheme = new();
    private readonly FinalChain _chain;

    public ProofBundleTests()
    {
        _chain = new FinalChain(static height => height.Value % 3 == 0, _keys);
        _chain.Ledger.Issue(TestNetwork.Alice, 500);
        _chain.Ledger.RunBlock(
            [.. Enumerable.Range(1, 5).Select(units => _chain.Ledger.Draft(
                TestNetwork.Alice,
                new Core.Ledger.Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount((ulong)units))) with
            { Lane = (uint)units })]);
        while (_chain.Blocks[^1].Certificate.IsEmpty)
        {
            _chain.Ledger.RunBlock();
        }
    }

    public void Dispose() => Array.ForEach(_keys, static key => key.Dispose());

    [Fact]
    public void VerifySupply_Inclusion_ShowsTheSupply()
    {
        VerifiedSupply? shown = Verify(ChainProofs.Supply(_chain, TestNetwork.Bond), out string failure);
        Assert.Equal("", failure);
        Assert.Equal((TestNetwork.Bond, new Amount(500)), (shown!.Asset, shown.Amount));
        Assert.Equal(2, shown.Decimals);
        Assert.Equal((3, 4), (shown.Signers, shown.Validators));
    }

    [Fact]
    public void VerifySupply_Exclusion_ShowsZeroOfAnAssetThatIsThere()
    {
        SupplyProof carbon = ChainProofs.Supply(_chain, TestNetwork.Carbon);
        Assert.True(Verify(carbon, out _) is { Amount.IsZero: true });

        SupplyProof bond = ChainProofs.Supply(_chain, TestNetwork.Bond);
        carbon.AssetState = bond.AssetState;
        Assert.Null(Verify(carbon, out string failure));
        Assert.StartsWith("The Merkle path does not lead from this asset", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void VerifySupply_AnotherAmountOrABalance_HasNoPath()
    {
        SupplyProof proof = ChainProofs.Supply(_chain, TestNetwork.Bond);
        proof.Amount = "501";
        AssertNoPath(proof);
        proof.Amount = "0";
        AssertNoPath(proof);

        BalanceProof balance = ChainProofs.Balance(_chain, TestNetwork.Alice, TestNetwork.Bond);
        (proof.Amount, proof.StateProof) = (balance.Amount, balance.StateProof);
        AssertNoPath(proof);
    }

    [Fact]
    public void VerifyEvent_EveryEventOfTheChain_IsShown()
    {
        int seen = 0;
        for (int height = 1; height < _chain.Blocks.Count; height++)
        {
            for (int index = 0; index < _chain.Blocks[height].Events.Count; index++)
            {
                EventProof proof = ChainProofs.Event(_chain, height, index);
                VerifiedEvent? shown = Verify(proof, out string failure);
                Assert.True(shown is not null, $"{height}:{index}: {failure}");
                Assert.Equal(((ulong)height, index), (shown.Height.Value, shown.Index));
                Assert.Equal(
                    proof.Event, ProvenChain.Encoded(writer => EventCodec.Write(writer, shown.Record)));
                seen++;
            }
        }

        Assert.True(seen >= 10, $"only {seen} events");
    }

    [Fact]
    public void VerifyEvent_DescendantsLeftOutSwappedOrForeign_DoNotLeadThere()
    {
        const string NoWay = "The headers do not lead";
        EventProof proof = ChainProofs.Event(_chain, 1, 0);
        Assert.Equal(2, proof.Descendants.Count);

        EventProof gap = proof.Clone();
        gap.Descendants.RemoveAt(0);
        AssertRefused(NoWay, gap);

        EventProof swapped = proof.Clone();
        (swapped.Descendants[0], swapped.Descendants[1]) = (proof.Descendants[1], proof.Descendants[0]);
        AssertRefused(NoWay, swapped);

        EventProof tooShort = proof.Clone();
        tooShort.Descendants.RemoveAt(1);
        AssertRefused("The certificate does not finalize this header", tooShort);

        EventProof tooMany = proof.Clone();
        tooMany.Descendants.AddRange(Enumerable.Repeat(proof.Header, Limits.SyncUncertifiedBlocks));
        AssertRefused(NoWay, tooMany);
    }

    [Fact]
    public void VerifyEvent_AnotherIndexCountEventOrPath_HasNoPath()
    {
        int height = Enumerable.Range(1, _chain.Blocks.Count - 1)
            .First(h => _chain.Blocks[h].Events.Count > 3);
        EventProof proof = ChainProofs.Event(_chain, height, 1);
        const string NoPath = "The Merkle path does not lead from this event";
        AssertRefused(NoPath, With(proof, p => p.Index = 0));
        AssertRefused(NoPath, With(proof, p => p.Count++));
        AssertRefused(NoPath, With(proof, p => p.Event = _chain.Blocks[height].Events[0]));
        AssertRefused(NoPath, With(proof, p => p.Path.RemoveAt(0)));
        AssertRefused(NoPath, With(proof, p => p.Path.Add(p.Path[0])));
        const string Range = "The event's index, the block's events or the path are out of range";
        AssertRefused(Range, With(proof, p => p.Index = p.Count));
        AssertRefused(Range, With(proof, p => p.Count = uint.MaxValue));
        AssertRefused("A part of the proof is malformed", With(proof, p => p.Path[0] = ByteString.Empty));
    }

    [Fact]
    public void ReadAndWrite_EachKind_GivesTheSame()
    {
        foreach (ProofBundle bundle in Bundles())
        {
            Assert.Equal(bundle, ProofBundle.Read(bundle.Write()));
        }
    }

    [Fact]
    public void Read_AnotherSpellingOrShape_IsRefused()
    {
        foreach (ProofBundle bundle in Bundles())
        {
            JsonObject json = JsonNode.Parse(bundle.Write())!.AsObject();
            AssertUnreadable(json, j => j["header"] = ((string)j["header"]!).ToUpperInvariant());
            AssertUnreadable(json, j => j["header"] = "0" + (string)j["header"]!);
            AssertUnreadable(json, j => j["format"] = "tokenledger-proof/2");
            AssertUnreadable(json, j => j["kind"] = "other");
            AssertUnreadable(json, j => j["genesis"] = 5);
            AssertUnreadable(json, j => j["another"] = "");
            AssertUnreadable(json, j => j.Remove("certificate"));
        }

        JsonObject one = JsonNode.Parse(Bundles()[2].Write())!.AsObject();
        AssertUnreadable(one, j => j["index"] = "01");
        AssertUnreadable(one, j => j["count"] = "4294967296");
        AssertUnreadable(one, j => j["path"] = "00");
        Assert.Throws<StrictJsonException>(() => ProofBundle.Read("[]"u8.ToArray()));
    }

    private ProofBundle[] Bundles() =>
    [
        ProofBundle.Of(ChainProofs.Balance(_chain, TestNetwork.Alice, TestNetwork.Bond)),
        ProofBundle.Of(ChainProofs.Supply(_chain, TestNetwork.Bond)),
        ProofBundle.Of(ChainProofs.Event(_chain, 1, 0)),
    ];

    private static void AssertUnreadable(JsonObject json, Action<JsonObject> change)
    {
        JsonObject changed = json.DeepClone().AsObject();
        change(changed);
        Assert.Throws<StrictJsonException>(
            () => ProofBundle.Read(Encoding.UTF8.GetBytes(changed.ToJsonString())));
    }

    private static EventProof With(EventProof proof, Action<EventProof> change)
    {
        EventProof changed = proof.Clone();
        change(changed);
        return changed;
    }

    private VerifiedSupply? Verify(SupplyProof proof, out string failure) =>
        SupplyProofVerifier.Verify(proof, _chain.GenesisHash, _scheme, out failure);

    private VerifiedEvent? Verify(EventProof proof, out string failure) =>
        EventProofVerifier.Verify(proof, _chain.GenesisHash, _scheme, out failure);

    private void AssertNoPath(SupplyProof proof)
    {
        Assert.Null(Verify(proof, out string failure));
        Assert.StartsWith(
            "The Merkle path does not lead from this supply", failure, StringComparison.Ordinal);
    }

    private void AssertRefused(string sentence, EventProof proof)
    {
        Assert.Null(Verify(proof, out string failure));
        Assert.StartsWith(sentence, failure, StringComparison.Ordinal);
    }
}
