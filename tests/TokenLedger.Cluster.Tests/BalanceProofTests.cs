// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing.Devnet;
using Xunit.Abstractions;

namespace TokenLedger.Cluster.Tests;

/// <summary>
/// A node's proof of a balance convinces whoever knows the genesis hash, and a forged one nobody.
/// </summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class BalanceProofTests(ProcessCluster cluster, ITestOutputHelper output)
{
    private const int PositionsPerField = 40;

    private readonly Secp256k1Scheme _scheme = new();

    [Fact]
    public async Task Verify_ProofFromTheApi_ShowsTheBalance()
    {
        (BalanceProof proof, Address account) = await ProofAsync();
        VerifiedBalance? shown = BalanceProofVerifier.Verify(
            proof, cluster.Client.Digest.GenesisHash, _scheme, out string failure);
        Assert.Equal("", failure);
        Assert.Equal(
            (account, Load.Asset, Setup.UnitsEach), (shown!.Account, shown.Asset, shown.Amount));
        Assert.InRange(shown.Signers, 3, shown.Validators);

        BlockSummary block = await cluster.BlockAsync(1, shown.Height.Value);
        Assert.Equal(block.StateRoot, ByteString.CopyFrom(shown.StateRoot.ToArray()));
    }

    [Fact]
    public async Task Verify_AnyByteChanged_Fails()
    {
        (BalanceProof proof, _) = await ProofAsync();
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        foreach (FieldDescriptor field in BalanceProof.Descriptor.Fields.InFieldNumberOrder())
        {
            for (int i = 0; i < PositionsPerField; i++)
            {
                BalanceProof forged = proof.Clone();
                (int position, int mask) = (random.Next(LengthOf(field, proof)), 1 << random.Next(8));
                Tamper(field, forged, position, (byte)mask);
                VerifiedBalance? shown = BalanceProofVerifier.Verify(
                    forged, cluster.Client.Digest.GenesisHash, _scheme, out string failure);
                Assert.True(
                    shown is null, $"seed {seed}: {field.Name} with byte {position} ^ {mask} is accepted");
                Assert.NotEqual("", failure);
            }
        }
    }

    /// <summary>Every height since before the account had anything, as far as it has its own certificate.
    /// </summary>
    [Fact]
    public async Task Verify_ProofOfEarlierHeights_ShowsWhatTheHistorySays()
    {
        await cluster.EnsureWholeAsync();
        ulong before = (await cluster.StatusAsync(0)).Height;
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        ByteString account = ProcessCluster.Bytes(keys[0].Address);
        ulong paid = (await PayAsync(keys[0], keys[1].Address)).Height;
        await cluster.ReachAsync(paid + 2, TimeSpan.FromSeconds(20), 0);

        Amount[] proved = [.. (await ProvedAsync(account, before, paid + 2)).Values];
        output.WriteLine(string.Join(' ', proved));
        Assert.Equal(
            [Amount.Zero, Setup.UnitsEach, new Amount(Setup.UnitsEach.Units - 1)], proved.Distinct());
        Array.ForEach(keys, static key => key.Dispose());
    }

    /// <summary>The trees of earlier heights are made again from the disk.</summary>
    [Fact]
    public async Task Verify_ProofOfHeightsBeforeAKill_ShowsTheSame()
    {
        await cluster.EnsureWholeAsync();
        ulong before = (await cluster.StatusAsync(0)).Height;
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        ByteString account = ProcessCluster.Bytes(keys[0].Address);
        ulong paid = (await PayAsync(keys[0], keys[1].Address)).Height;
        await cluster.ReachAsync(paid + 1, TimeSpan.FromSeconds(20), 0);
        Dictionary<ulong, Amount> proved = await ProvedAsync(account, before, paid + 1);
        Array.ForEach(keys, static key => key.Dispose());

        cluster.Kill(0);
        await cluster.EndAsync(0, TimeSpan.FromSeconds(10));
        await cluster.EnsureWholeAsync();
        foreach ((ulong height, Amount amount) in proved)
        {
            Assert.Equal(amount, await PastAsync(account, height));
        }

        Assert.Equal(3, proved.Values.Distinct().Count());
        Assert.DoesNotContain("\"EventId\":115", cluster.Log(0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, StatusCode.FailedPrecondition, "PROOF_HEIGHT_NOT_KEPT")]
    [InlineData(1_000_000_000, StatusCode.OutOfRange, "HEIGHT_UNKNOWN")]
    public async Task GetBalanceProof_HeightWithoutOne_IsRefused(ulong at, StatusCode code, string reason)
    {
        (_, Address account) = await ProofAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => PastAsync(ProcessCluster.Bytes(account), at));
        Assert.Equal((code, reason), (refused.StatusCode, ErrorModel.Read(refused)?.Reason));
    }

    [Fact]
    public async Task Verify_SupplyFromTheApi_ShowsWhatTheRegisterSays()
    {
        await cluster.EnsureWholeAsync();
        var asset = new GetAssetRequest { Asset = Load.Asset.ToString() };
        GetSupplyProofResponse response = await cluster.Node(0).Queries.GetSupplyProofAsync(
            new GetSupplyProofRequest { Asset = asset.Asset });
        VerifiedSupply? shown = SupplyProofVerifier.Verify(
            response.Proof, cluster.Client.Digest.GenesisHash, _scheme, out string failure);
        Assert.Equal("", failure);
        Assert.Equal(
            (await cluster.Node(0).Queries.GetAssetAsync(asset)).Asset.Supply, shown!.Amount.ToString());

        RpcException unknown = await Assert.ThrowsAsync<RpcException>(async () =>
            await cluster.Node(0).Queries.GetSupplyProofAsync(
                new GetSupplyProofRequest { Asset = "NO-SUCH" }));
        Assert.Equal("ASSET_UNKNOWN", ErrorModel.Read(unknown)?.Reason);
    }

    /// <summary>Every event of an account's history, proved by each node.</summary>
    [Fact]
    public async Task Verify_EventsFromTheApi_ShowWhatTheHistorySays()
    {
        (_, Address account) = await ProofAsync();
        ListHistoryResponse history = await cluster.Node(0).Queries.ListHistoryAsync(
            new ListHistoryRequest { Account = ProcessCluster.Bytes(account) });
        Assert.NotEmpty(history.Events);
        foreach (Event told in history.Events)
        {
            GetEventProofResponse response = await cluster.Node(0).Queries.GetEventProofAsync(
                new GetEventProofRequest { Height = told.Height, Index = told.Index });
            VerifiedEvent? shown = EventProofVerifier.Verify(
                response.Proof, cluster.Client.Digest.GenesisHash, _scheme, out string failure);
            Assert.Equal("", failure);
            Event proved = EventMapper.ToWire(
                shown!.Record.Event, shown.Height, shown.Time, (uint)shown.Index, null);
            proved.TransactionId = told.TransactionId;
            Assert.Equal(told, proved);
        }
    }

    [Theory]
    [InlineData(0, 0, "BLOCK_UNKNOWN")]
    [InlineData(1_000_000_000, 0, "BLOCK_UNKNOWN")]
    [InlineData(1, 1_000_000, "EVENT_UNKNOWN")]
    public async Task GetEventProof_NoSuchEvent_IsRefused(ulong height, uint index, string reason)
    {
        await cluster.EnsureWholeAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await cluster.Node(0).Queries.GetEventProofAsync(
                new GetEventProofRequest { Height = height, Index = index }));
        Assert.Equal((StatusCode.NotFound, reason), (refused.StatusCode, ErrorModel.Read(refused)?.Reason));
    }

    /// <summary>What is proved, by height; the refusal of a height in between names one above.</summary>
    private async Task<Dictionary<ulong, Amount>> ProvedAsync(ByteString account, ulong from, ulong to)
    {
        var proved = new Dictionary<ulong, Amount>();
        for (ulong height = from; height <= to; height++)
        {
            try
            {
                proved.Add(height, await PastAsync(account, height));
            }
            catch (RpcException e) when (ErrorModel.Read(e)?.Reason == "PROOF_HEIGHT_NOT_KEPT")
            {
                // A later block's certificate finalized this one; the refusal names that one.
                ulong above = ulong.Parse(
                    ErrorModel.Read(e)!.Metadata["above"], CultureInfo.InvariantCulture);
                Assert.True(above > height);
            }
        }

        return proved;
    }

    /// <summary>The proved balance, which must be of this height and what the history says.</summary>
    private async Task<Amount> PastAsync(ByteString account, ulong height)
    {
        string asset = Load.Asset.ToString();
        GetBalanceProofResponse response = await cluster.Node(0).Queries.GetBalanceProofAsync(
            new GetBalanceProofRequest { Account = account, Asset = asset, AtHeight = height });
        VerifiedBalance? shown = BalanceProofVerifier.Verify(
            response.Proof, cluster.Client.Digest.GenesisHash, _scheme, out string failure);
        Assert.Equal("", failure);
        Assert.Equal(height, shown!.Height.Value);
        GetBalanceResponse told = await cluster.Node(0).Queries.GetBalanceAsync(
            new GetBalanceRequest { Account = account, Asset = asset, AtHeight = height });
        Assert.Equal(told.Amount, shown.Amount.ToString());
        return shown.Amount;
    }

    private async Task<TransactionStatus> PayAsync(PrivateKey from, Address to)
    {
        SubmitTransactionResponse submitted = await cluster.Node(0).Transactions.SubmitTransactionAsync(
            cluster.Client.Sign(from, 0, new Core.Ledger.Transfer(Load.Asset, to, new Amount(1))));
        return await cluster.FinalAsync(0, submitted.TransactionId, TimeSpan.FromSeconds(20));
    }

    private static int LengthOf(FieldDescriptor field, BalanceProof proof) =>
        field.Accessor.GetValue(proof) switch
        {
            ByteString bytes => bytes.Length,
            string text => text.Length,
            var other => throw new InvalidOperationException($"{field.Name} is {other}"),
        };

    private static void Tamper(FieldDescriptor field, BalanceProof proof, int position, byte mask)
    {
        object value = field.Accessor.GetValue(proof);
        byte[] bytes = value is ByteString raw ? raw.ToByteArray() : Encoding.Latin1.GetBytes((string)value);
        bytes[position] ^= mask;
        field.Accessor.SetValue(
            proof,
            value is ByteString
                ? ByteString.CopyFrom(bytes)
                : (object)Encoding.Latin1.GetString(bytes));
    }

    private async Task<(BalanceProof Proof, Address Account)> ProofAsync()
    {
        await cluster.EnsureWholeAsync();
        using PrivateKey key = (await Load.FundedAsync(cluster, 1))[0];
        GetBalanceProofResponse response = await cluster.Node(0).Queries.GetBalanceProofAsync(
            new GetBalanceProofRequest
            {
                Account = ProcessCluster.Bytes(key.Address),
                Asset = Load.Asset.ToString(),
            });
        Assert.Equal(Setup.UnitsEach.Units.ToString(CultureInfo.InvariantCulture), response.Proof.Amount);
        return (response.Proof, key.Address);
    }
}
