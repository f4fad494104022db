// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Rpc;
using TokenLedger.Testing.Devnet;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cluster.Tests;

/// <summary>Bad input over the real API: each has one stable reason and changes nothing.</summary>
[Collection(ClusterGroup.Name)]
[Trait("Category", "Cluster")]
public sealed class SubmissionTests(ProcessCluster cluster)
{
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(15);
    private static readonly Address Nobody = new(Enumerable.Repeat((byte)0x77, Address.Size).ToArray());

    private DevnetClient Client => cluster.Client;

    [Fact]
    public async Task SubmitTransaction_SignatureNotTheSendersForThisNetwork_IsRefusedAndChangesNothing()
    {
        using PrivateKey key = await FundedAsync();
        using var other = PrivateKey.Generate();
        V1.SubmitTransactionRequest right = Client.Sign(key, 0, Pay(1));
        byte[] body = right.Transaction.Body.ToByteArray();
        byte[] hash = Client.Digest.GenesisHash.ToArray();
        hash[0] ^= 1;
        var otherGenesis = new TransactionDigest(Client.Digest.ChainId, new Hash256(hash));
        var otherChain = new TransactionDigest(Client.Digest.ChainId + 1, Client.Digest.GenesisHash);
        await RequireRefusedAsync(
            key,
            ("wrong genesis", "BAD_SIGNATURE", Forgery.WithSignature(right, key.Sign(otherGenesis.Of(body)))),
            ("wrong chain id", "BAD_SIGNATURE", Forgery.WithSignature(right, key.Sign(otherChain.Of(body)))),
            ("another's key", "BAD_SIGNATURE", Forgery.WithSignature(
                right, other.Sign(Client.Digest.Of(body)))),
            ("zeros", "BAD_SIGNATURE", Forgery.WithSignature(right, new byte[Limits.SignatureBytes])),
            ("too short", "BAD_SIGNATURE", Forgery.WithSignature(right, new byte[Limits.SignatureBytes - 1])),
            ("high s", "HIGH_S", Forgery.WithHighS(right)));
    }

    [Fact]
    public async Task SubmitTransaction_BytesNotCanonical_IsRefusedAndChangesNothing()
    {
        using PrivateKey key = await FundedAsync();
        Transaction draft = DevnetClient.Draft(key, 0, Pay(1));
        await RequireRefusedAsync(
            key,
            ("unknown field", "NOT_CANONICAL", Client.Sign(key, Forgery.WithUnknownField(draft))),
            ("long varint", "NOT_CANONICAL", Client.Sign(key, Forgery.WithLongVarint(draft))),
            ("reordered field", "NOT_CANONICAL", Client.Sign(key, Forgery.WithSenderLast(draft))),
            ("default written", "NOT_CANONICAL", Client.Sign(key, Forgery.WithDefaultWritten(draft))),
            ("no protobuf", "MALFORMED", Client.Sign(key, [0xff, 0xff, 0xff])),
            ("empty", "MALFORMED", Client.Sign(key, [])),
            ("nothing at all", "MALFORMED", new V1.SubmitTransactionRequest()));
    }

    [Fact]
    public async Task SubmitTransaction_NonceOrTimeOutOfRange_IsRefusedAndChangesNothing()
    {
        using PrivateKey key = await FundedAsync();
        await Client.DoAsync(key, Pay(1));
        Transaction draft = DevnetClient.Draft(key, 1, Pay(1));
        await RequireRefusedAsync(
            key,
            ("replayed nonce", "NONCE_USED", Client.Sign(key, 0, Pay(2))),
            ("nonce gap", "NONCE_GAP", Client.Sign(key, 2 + Limits.PoolNonceGap, Pay(1))),
            ("expired", "EXPIRED", Sign(
                key, draft with { ValidUntil = new TimestampMs(DevnetClient.NowMs() - 1_000) })),
            ("validity too long", "VALIDITY_TOO_LONG", Sign(
                key,
                draft with
                {
                    ValidUntil = new TimestampMs(DevnetClient.NowMs() + Limits.ValidityMs + 60_000),
                })));
    }

    [Fact]
    public async Task SubmitTransaction_AmountOrSenderThatCannotBe_IsRefusedAndChangesNothing()
    {
        using PrivateKey key = await FundedAsync();
        using var stranger = PrivateKey.Generate();
        Transaction draft = DevnetClient.Draft(key, 0, Pay(1));
        string over = "340282366920938463463374607431768211456";
        await RequireRefusedAsync(
            key,
            ("zero", "AMOUNT_ZERO", Client.Sign(key, Forgery.WithAmount(draft, "0"))),
            ("negative", "AMOUNT_INVALID", Client.Sign(key, Forgery.WithAmount(draft, "-5"))),
            ("leading zero", "AMOUNT_INVALID", Client.Sign(key, Forgery.WithAmount(draft, "05"))),
            ("fraction", "AMOUNT_INVALID", Client.Sign(key, Forgery.WithAmount(draft, "1.5"))),
            ("none", "AMOUNT_INVALID", Client.Sign(key, Forgery.WithAmount(draft, ""))),
            ("over 128 bits", "AMOUNT_INVALID", Client.Sign(key, Forgery.WithAmount(draft, over))),
            ("unknown account", "SENDER_UNKNOWN", Client.Sign(stranger, 0, Pay(1))));
    }

    [Fact]
    public async Task SubmitTransaction_TooLarge_IsRefusedAndChangesNothing()
    {
        using PrivateKey key = await FundedAsync();
        Transaction draft = DevnetClient.Draft(key, 0, Pay(1));
        Operation[] many = [.. Enumerable.Repeat(Pay(1), Limits.OperationsPerTransaction + 1)];
        await RequireRefusedAsync(
            key,
            ("oversized memo", "TOO_LARGE", Sign(
                key, draft with { Memo = new string('m', Limits.MemoBytes + 1) })),
            ("too many operations", "TOO_LARGE", Sign(key, draft with { Operations = [.. many] })),
            ("oversized body", "TOO_LARGE", Client.Sign(key, new byte[Limits.TransactionBytes + 1])),
            ("oversized message", "MESSAGE_TOO_LARGE", Client.Sign(key, new byte[300 * 1024])));
    }

    [Fact]
    public async Task SubmitTransaction_MessageIsNoProtobuf_IsRefusedWithAReason()
    {
        await cluster.EnsureWholeAsync();
        using var channel = RpcChannel.ForAddress(cluster.Api(0));
        var plain = new Marshaller<byte[]>(static bytes => bytes, static bytes => bytes);
        var method = new Method<byte[], byte[]>(
            MethodType.Unary, "tokenledger.ledger.v1.TransactionService", "SubmitTransaction", plain, plain);
        using AsyncUnaryCall<byte[]> call = channel.CreateCallInvoker().AsyncUnaryCall(
            method, null, new CallOptions(), [0x0a, 0xff]);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal("MESSAGE_MALFORMED", ErrorModel.Read(refused)?.Reason);
    }

    [Fact]
    public async Task Execute_TransferThatCannotBe_FailsWithItsReasonAndMovesNothing()
    {
        PrivateKey[] keys = await Load.FundedAsync(cluster, 2);
        (PrivateKey key, PrivateKey frozen) = (keys[0], keys[1]);
        await FreezeAsync(frozen.Address);
        (PrivateKey Sender, string Code, Operation[] Operations)[] cases =
        [
            (key, "INSUFFICIENT_AVAILABLE",
                [new Transfer(Load.Asset, Citizen, Setup.UnitsEach + new Amount(1))]),
            (key, "INSUFFICIENT_AVAILABLE",
                [new Transfer(Load.Asset, Citizen, new Amount(UInt128.MaxValue))]),
            (key, "RECEIVER_NOT_REGISTERED", [new Transfer(Load.Asset, Nobody, new Amount(1))]),
            (key, "RECEIVER_NOT_REGISTERED", [Pay(1), new Transfer(Load.Asset, Nobody, new Amount(1))]),
            (key, "SELF_TRANSFER", [new Transfer(Load.Asset, key.Address, new Amount(1))]),
            (key, "ASSET_UNKNOWN", [new Transfer(AssetId.Parse("NO-SUCH"), Citizen, new Amount(1))]),
            (key, "NOT_AUTHORISED", [new RegisterAccount(Nobody, AccountKind.Citizen, Address.Zero)]),
            (key, "ACCOUNT_FROZEN", [new Transfer(Load.Asset, frozen.Address, new Amount(1))]),
            (frozen, "ACCOUNT_FROZEN", [Pay(1)]),
        ];
        UInt128 received = await cluster.BalanceAsync(0, Citizen, Load.Asset);
        foreach ((PrivateKey sender, string code, Operation[] operations) in cases)
        {
            ulong nonce = (await cluster.NonceAsync(0, sender.Address)).Finalized;
            V1.TransactionStatus status = await Client.SettleAsync(sender, [.. operations]);
            Assert.Equal((V1.TransactionState.Failed, code), (status.State, status.Refusal?.Code));
            Assert.Equal(operations.Length - 1, status.Refusal?.Operation);
            Assert.Empty(status.Events);
            Assert.Equal(Setup.UnitsEach.Units, await cluster.BalanceAsync(0, sender.Address, Load.Asset));
            Assert.Equal(nonce + 1, (await cluster.NonceAsync(0, sender.Address)).Finalized);
        }

        Assert.Equal(received, await cluster.BalanceAsync(0, Citizen, Load.Asset));
        Array.ForEach(keys, static one => one.Dispose());
    }

    [Fact]
    public async Task SubmitTransaction_SameBytesAgain_IsHarmlessAndHasTheSameAnswer()
    {
        using PrivateKey key = await FundedAsync();
        V1.SubmitTransactionRequest request = Client.Sign(key, 0, Pay(3));
        V1.SubmitTransactionResponse[] answers = await Task.WhenAll(
            ProcessCluster.All.Concat(ProcessCluster.All)
                .Select(async node => await cluster.Node(node).Transactions.SubmitTransactionAsync(request)));
        Assert.Single(answers.Select(static answer => answer.TransactionId).Distinct());
        V1.TransactionStatus final = await cluster.FinalAsync(0, answers[0].TransactionId, SettleWithin);
        Assert.Equal(V1.TransactionState.Succeeded, final.State);

        V1.SubmitTransactionResponse again = await cluster.Node(0).Transactions.SubmitTransactionAsync(
            request);
        Assert.Equal((final.TransactionId, final.Height), (again.TransactionId, again.Status.Height));
        await RequireQuietAsync();
        Assert.Equal(Setup.UnitsEach.Units - 3, await cluster.BalanceAsync(0, key.Address, Load.Asset));
        Assert.Equal(1UL, (await cluster.NonceAsync(0, key.Address)).Finalized);
    }

    /// <summary>That a body is final says nothing of a signature: a bad one is still refused.</summary>
    [Fact]
    public async Task SubmitTransaction_FinalBodyAgain_IsRefusedWithABadSignatureAndAnsweredAfterItsTime()
    {
        using PrivateKey key = await FundedAsync();
        var until = new TimestampMs(DevnetClient.NowMs() + 5_000);
        V1.SubmitTransactionRequest request = Sign(
            key, DevnetClient.Draft(key, 0, Pay(1)) with { ValidUntil = until });
        V1.SubmitTransactionResponse first =
            await cluster.Node(0).Transactions.SubmitTransactionAsync(request);
        V1.TransactionStatus final = await cluster.FinalAsync(0, first.TransactionId, SettleWithin);
        await RequireRefusedAsync(
            key,
            ("zeros", "BAD_SIGNATURE", Forgery.WithSignature(request, new byte[Limits.SignatureBytes])),
            ("high s", "HIGH_S", Forgery.WithHighS(request)));

        await Deadline.UntilAsync("its time passes", SettleWithin, async () =>
            (await cluster.StatusAsync(0)).BlockTimeMs > until.Value && DevnetClient.NowMs() > until.Value);
        V1.SubmitTransactionResponse again =
            await cluster.Node(0).Transactions.SubmitTransactionAsync(request);
        Assert.Equal((final.State, final.Height), (again.Status.State, again.Status.Height));
    }

    [Fact]
    public async Task WaitFinal_TransactionThatExpires_EndsWithThat()
    {
        using PrivateKey key = await FundedAsync();
        V1.SubmitTransactionResponse sent = await cluster.Node(0).Transactions.SubmitTransactionAsync(Sign(
            key,
            DevnetClient.Draft(key, 5, Pay(1)) with
            {
                Lane = 7,
                ValidUntil = new TimestampMs(DevnetClient.NowMs() + 3_000),
            }));
        Assert.Equal(V1.TransactionState.Pending, sent.Status.State);
        V1.TransactionStatus waited = await cluster.FinalAsync(0, sent.TransactionId, SettleWithin);
        V1.TransactionStatus asked = await cluster.TransactionAsync(0, sent.TransactionId);
        V1.TransactionStatus waitedAgain = await cluster.FinalAsync(0, sent.TransactionId, SettleWithin);
        foreach (V1.TransactionStatus status in new[] { waited, asked, waitedAgain })
        {
            Assert.Equal(
                (V1.TransactionState.Expired, "EXPIRED", sent.TransactionId),
                (status.State, status.Refusal?.Code, status.TransactionId));
        }
    }

    [Fact]
    public async Task SubmitTransaction_RequestIdOfAnotherBody_IsAConflict()
    {
        using PrivateKey key = await FundedAsync();
        var id = new RequestId(new UInt128(7, (ulong)RandomNumberGenerator.GetInt32(int.MaxValue)));
        V1.SubmitTransactionResponse first = await cluster.Node(0).Transactions.SubmitTransactionAsync(
            Sign(key, DevnetClient.Draft(key, 0, Pay(1)) with { RequestId = id }));
        V1.TransactionStatus final = await cluster.FinalAsync(0, first.TransactionId, SettleWithin);
        Assert.Equal(V1.TransactionState.Succeeded, final.State);
        await RequireRefusedAsync(
            key,
            ("other body", "IDEMPOTENCY_CONFLICT", Sign(
                key, DevnetClient.Draft(key, 1, Pay(2)) with { RequestId = id })));
        V1.GetTransactionByRequestIdResponse found =
            await cluster.Node(0).Transactions.GetTransactionByRequestIdAsync(
                new V1.GetTransactionByRequestIdRequest
                {
                    Sender = ProcessCluster.Bytes(key.Address),
                    RequestId = ByteString.CopyFrom(Convert.FromHexString(id.ToString())),
                });
        Assert.Equal((first.TransactionId, final.Height), (found.Status.TransactionId, found.Status.Height));
    }

    private Address Citizen => Client.Labels["citizen-1"];

    private Transfer Pay(uint amount) => new(Load.Asset, Citizen, new Amount(amount));

    private V1.SubmitTransactionRequest Sign(PrivateKey key, Transaction transaction) =>
        Client.Sign(key, Protocol.Wire.TransactionMapper.Encode(transaction));

    private async Task<PrivateKey> FundedAsync()
    {
        await cluster.EnsureWholeAsync();
        return (await Load.FundedAsync(cluster, 1))[0];
    }

    private async Task FreezeAsync(Address account)
    {
        using PrivateKey maker = Client.Key("regulator-maker-1");
        using PrivateKey checker = Client.Key("regulator-checker-1");
        V1.TransactionStatus proposed = await Client.DoAsync(maker, new Propose(
            [new FreezeAccount(account, FreezeMode.SendAndReceive, "Order 12/2026", Hash256.Zero)],
            new TimestampMs(DevnetClient.NowMs() + 600_000),
            "A court's order"));
        await Setup.ApproveAsync(Client, [checker], proposed);
    }

    /// <summary>
    /// Every request is refused with its reason, and neither root nor nonce is another afterwards.
    /// </summary>
    private async Task RequireRefusedAsync(
        PrivateKey key, params (string Name, string Reason, V1.SubmitTransactionRequest Request)[] cases)
    {
        await RequireQuietAsync();
        ByteString root = (await cluster.StatusAsync(0)).StateRoot;
        V1.GetNonceResponse before = await cluster.NonceAsync(0, key.Address);
        var wrong = new List<string>();
        foreach ((string name, string reason, V1.SubmitTransactionRequest request) in cases)
        {
            try
            {
                await cluster.Node(0).Transactions.SubmitTransactionAsync(request);
                wrong.Add($"{name}: accepted");
            }
            catch (RpcException e)
            {
                string? told = ErrorModel.Read(e)?.Reason;
                if (told != reason || e.Status.Detail.Length == 0)
                {
                    wrong.Add($"{name}: {told ?? "no reason"}, {e.Status}");
                }
            }
        }

        Assert.Empty(wrong);
        await RequireQuietAsync();
        V1.GetNonceResponse after = await cluster.NonceAsync(0, key.Address);
        Assert.Equal((before.Finalized, before.Next), (after.Finalized, after.Next));
        foreach (int node in ProcessCluster.All)
        {
            Assert.Equal(root, (await cluster.StatusAsync(node)).StateRoot);
        }
    }

    /// <summary>Two more blocks everywhere: whatever was on its way has arrived.</summary>
    private async Task RequireQuietAsync() => await cluster.ReachAsync(
        (await cluster.StatusAsync(0)).Height + 2, SettleWithin, [.. ProcessCluster.All]);
}
