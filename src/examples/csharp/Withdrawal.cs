// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Wire;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Examples;

/// <summary>
/// A withdrawal that is paid once, whatever is lost on the way, and however often this is run. It never signs
/// a second time for one request id.
/// </summary>
internal sealed class Withdrawal(Words words, LedgerClient[] nodes, Journal<Withdrawal.Line> journal)
{
    /// <summary>Ten minutes: an outcome stays unknown no longer.</summary>
    private const ulong ValidForSeconds = 600;

    private const ulong DaySeconds = 24 * 3_600;

    // Its 16 bytes: a UUID has more than one spelling.
    private readonly RequestId _request = words.RequestId("request-id");
    private readonly Hash256 _genesis = words.Hash("genesis");

    /// <summary>A payment's line has one of both: what was signed, before it was sent, or what became of it.
    /// </summary>
    internal sealed record Line(string RequestId, Signed? Signed = null, Outcome? Outcome = null);

    /// <param name="Payment">What was asked for.</param>
    /// <param name="TransactionId">SHA-256 of 0x11, genesis hash and body.</param>
    /// <param name="Body">The bytes that were signed.</param>
    /// <param name="Signature">r, s, v.</param>
    /// <param name="ValidUntilMs">No block of a later time has it.</param>
    /// <param name="SignedAtHeight">The newest final block then: a node that knows the blocks since knows
    /// whether it was included.</param>
    internal sealed record Signed(
        string Payment, string TransactionId, string Body, string Signature, ulong ValidUntilMs,
        ulong SignedAtHeight);

    /// <param name="Result">final, refused or unknown.</param>
    /// <param name="Code">Why it was refused.</param>
    /// <param name="Height">Of the block that it is final in.</param>
    internal sealed record Outcome(string Result, string? Code = null, ulong? Height = null);

    /// <summary>withdraw --node HOST:PORT[,HOST:PORT] --genesis HASH --keystore FILE --password-file FILE
    /// --journal FILE --request-id UUID --asset SYMBOL --to 0x… --amount ATOMIC [--tag N]
    /// [--patience SECONDS] [--valid-for SECONDS] [--fault NAME] [--tls-ca FILE] [--api-key-file FILE]
    /// </summary>
    /// <returns>0 when the payment is final, 6 when it was refused and never will be, 7 while nobody can say:
    /// then it is run again, with the same words. Any other says nothing of the payment.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var words = new Words(
            args,
            [
                "node", "genesis", "keystore", "password-file", "journal", "request-id", "asset", "to",
                "amount",
            ],
            ["tag", "patience", "valid-for", "fault", .. Access.Names]);
        LedgerClient[] nodes = words.Nodes();
        var payment = new Transfer(
            words.Asset("asset"), words.Address("to"), words.Amount("amount"), words.Number("tag", 0));
        _ = (words.RequestId("request-id"), words.Hash("genesis"), Patience(words), ValidFor(words));
        using var journal = new Journal<Line>(words["journal"]);
        Outcome outcome = await new Withdrawal(words, nodes, journal).RunAsync(payment);
        Console.WriteLine(JsonSerializer.Serialize(
            new { RequestId = words["request-id"], Outcome = outcome.Result, outcome.Code, outcome.Height },
            JsonSerializerOptions.Web));
        return outcome.Result switch { "final" => 0, "refused" => 6, _ => 7 };
    }

    private static ulong Patience(Words words) => words.Number("patience", 30, DaySeconds);

    private static ulong ValidFor(Words words) => words.Number("valid-for", ValidForSeconds, 7 * DaySeconds);

    private async Task<Outcome> RunAsync(Transfer payment)
    {
        Line[] mine = [.. journal.Lines().Where(line => Words.RequestIdOf(line.RequestId) == _request)];
        Signed? known = mine.Select(line => line.Signed).FirstOrDefault(signed => signed is not null);
        if (known is not null && known.Payment != payment.ToString())
        {
            throw new InvalidDataException($"IDEMPOTENCY_CONFLICT: {_request} stands for another payment.");
        }

        if (known is not null && IdOf(known) != known.TransactionId)
        {
            throw new InvalidDataException($"{_request} was signed for another network than --genesis.");
        }

        if (mine.Select(line => line.Outcome).FirstOrDefault(done => done is not null) is { } done)
        {
            return done;
        }

        Outcome outcome = await SettleAsync(known ?? await SignAsync(payment), known is not null);
        if (outcome.Result != "unknown")
        {
            journal.Append(new Line(_request.ToString(), Outcome: outcome));
        }

        return outcome;
    }

    /// <summary>Signs once, and has the bytes on the disk before anybody sees them.</summary>
    private async Task<Signed> SignAsync(Transfer payment)
    {
        V1.GetNetworkResponse network = await Access.RequireNetworkAsync(nodes[0], _genesis);
        using PrivateKey key = KeystoreFolder.Load(
            words["keystore"], Encoding.UTF8.GetBytes(File.ReadAllText(words["password-file"]).Trim()));
        var sender = ByteString.CopyFrom(key.Address.ToArray());
        RequireOurs((await AskByRequestAsync(nodes[0], sender)).TransactionId, "");
        V1.GetNonceResponse nonce = await nodes[0].Queries.GetNonceAsync(
            new V1.GetNonceRequest { Sender = sender }, deadline: Retry.In(5));
        ulong until = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()
            + (1_000 * ValidFor(words));
        byte[] body = TransactionMapper.Encode(new Transaction(
            key.Address, 0, nonce.Next, new TimestampMs(until), _request, "", [payment]));
        byte[] signature = key.Sign(new TransactionDigest(network.ChainId, _genesis).Of(body));
        var signed = new Signed(
            payment.ToString(), "", Convert.ToHexStringLower(body), Convert.ToHexStringLower(signature),
            until, network.AsOfHeight);
        signed = signed with { TransactionId = IdOf(signed) };
        journal.Append(new Line(_request.ToString(), signed));
        return signed;
    }

    private string IdOf(Signed signed) => new SignedTransaction(
        [.. Convert.FromHexString(signed.Body)], [.. Convert.FromHexString(signed.Signature)])
        .IdOn(_genesis).ToString();

    /// <summary>Sends the same bytes until somebody says what became of them, or the patience ends.</summary>
    private async Task<Outcome> SettleAsync(Signed signed, bool sentBefore)
    {
        var transaction = new V1.SignedTransaction
        {
            Body = ByteString.CopyFrom(Convert.FromHexString(signed.Body)),
            Signature = ByteString.CopyFrom(Convert.FromHexString(signed.Signature)),
        };
        var id = ByteString.CopyFrom(Convert.FromHexString(signed.TransactionId));
        DateTime end = Retry.In(Patience(words));
        string fault = words.Or("fault", "");
        bool doubt = sentBefore;
        RpcException? why = null;
        for (int attempt = 0; ; attempt++, fault = "")
        {
            V1.TransactionService.TransactionServiceClient node = nodes[attempt % nodes.Length].Transactions;
            try
            {
                await node.SubmitTransactionAsync(
                    new V1.SubmitTransactionRequest { Transaction = transaction }, Retry.Fault(fault),
                    Retry.In(5));
                doubt = true;
                V1.WaitFinalResponse final = await node.WaitFinalAsync(
                    new V1.WaitFinalRequest { TransactionId = id }, deadline: Retry.In(10));
                if (OutcomeOf(final.Status) is { } settled)
                {
                    return settled;
                }
            }
            catch (RpcException e)
            {
                why = e;
                Google.Rpc.ErrorInfo? refusal = ErrorModel.Read(e);
                await Console.Error.WriteLineAsync(refusal?.Reason ?? $"{e.StatusCode}: {e.Status.Detail}");
                RequireOurs(refusal?.Reason == "IDEMPOTENCY_CONFLICT" ? id : ByteString.Empty, "");
                string? verdict = refusal?.Metadata.GetValueOrDefault(ErrorModel.RetriableKey);
                if (verdict == "false" && !doubt)
                {
                    // Nobody took these bytes, and nobody will.
                    return new Outcome("refused", refusal!.Reason);
                }

                // Whatever is no verdict says nothing: it may have been taken.
                doubt |= verdict is null;
            }

            if (Retry.In(0) >= end)
            {
                return new Outcome("unknown");
            }

            await Retry.PauseAsync(attempt, why);
            why = null;
            if (await AskAsync(nodes[(attempt + 1) % nodes.Length], signed) is { } told)
            {
                return told;
            }
        }
    }

    /// <summary>Asks by request id; once a block is later than the validity, what is not in the ledger never
    /// will be.</summary>
    private async Task<Outcome?> AskAsync(LedgerClient node, Signed signed)
    {
        try
        {
            await Access.RequireNetworkAsync(node, _genesis);
            V1.GetNodeStatusResponse before = await node.Queries.GetNodeStatusAsync(
                new V1.GetNodeStatusRequest(), deadline: Retry.In(5));
            byte[] body = Convert.FromHexString(signed.Body);
            V1.TransactionStatus known = await AskByRequestAsync(
                node, V1.Transaction.Parser.ParseFrom(body).Sender);
            RequireOurs(known.TransactionId, signed.TransactionId);
            Outcome? outcome = OutcomeOf(known);
            if (outcome is not null || before.BlockTimeMs <= signed.ValidUntilMs)
            {
                return outcome;
            }

            // The ledger forgets a request id when its time has passed; the transaction itself it never
            // forgets. A node that began with a later state does not know it.
            V1.GetTransactionResponse last = await node.Transactions.GetTransactionAsync(
                new V1.GetTransactionRequest
                {
                    TransactionId = ByteString.CopyFrom(Convert.FromHexString(signed.TransactionId)),
                },
                deadline: Retry.In(5));
            bool blocksAreHere = before.OldestBlockHeight <= signed.SignedAtHeight + 1;
            return OutcomeOf(last.Status) ?? (blocksAreHere ? new Outcome("refused", "EXPIRED") : null);
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private async Task<V1.TransactionStatus> AskByRequestAsync(LedgerClient node, ByteString sender)
    {
        byte[] id = new byte[Limits.RequestIdBytes];
        BinaryPrimitives.WriteUInt128BigEndian(id, _request.Value);
        return (await node.Transactions.GetTransactionByRequestIdAsync(
            new V1.GetTransactionByRequestIdRequest { Sender = sender, RequestId = ByteString.CopyFrom(id) },
            deadline: Retry.In(5))).Status;
    }

    /// <summary>What another journal signed under this request id may be paid, and is nothing that this one
    /// can answer for.</summary>
    private void RequireOurs(ByteString found, string ours)
    {
        if (!found.IsEmpty && Convert.ToHexStringLower(found.Span) != ours)
        {
            throw new InvalidDataException(
                $"IDEMPOTENCY_CONFLICT: {_request} is in use, and not in this journal.");
        }
    }

    private static Outcome? OutcomeOf(V1.TransactionStatus? status) => status?.State switch
    {
        V1.TransactionState.Succeeded => new Outcome("final", Height: status.Height),

        // Final as well: nothing moved, and nothing ever will.
        V1.TransactionState.Failed => new Outcome("refused", status.Refusal.Code, status.Height),
        V1.TransactionState.Expired => new Outcome("refused", "EXPIRED"),
        V1.TransactionState.Replaced => new Outcome("refused", "NONCE_USED"),
        _ => null,
    };
}
