// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Views;

/// <summary>What transactions say, and what became of them.</summary>
internal static class TransactionView
{
    /// <summary>The decoded view of a body: the same bytes always give the same view.</summary>
    public static JsonObject ToJson(Transaction transaction) => new()
    {
        ["sender"] = Eip55.Format(transaction.Sender),
        ["lane"] = transaction.Lane,
        ["nonce"] = transaction.Nonce,
        ["validUntil"] = Times.Iso(transaction.ValidUntil.Value),
        ["requestId"] = transaction.RequestId is { } id ? RequestIds.Text(id) : null,
        ["memo"] = transaction.Memo,
        ["operations"] =
            new JsonArray([.. transaction.Operations.Select(o => (JsonNode)OperationView.ToJson(o))]),
    };

    public static IEnumerable<(string Label, string Value)> Lines(
        Transaction transaction, AddressBook addresses, Decimals decimals)
    {
        yield return ("sender", addresses.NameAndAddress(transaction.Sender));
        yield return ("lane, nonce", $"{transaction.Lane}, {transaction.Nonce}");
        yield return ("valid until", Times.Human(transaction.ValidUntil.Value) + " UTC");
        yield return ("request id", transaction.RequestId is { } id ? RequestIds.Text(id) : "(none)");
        if (transaction.Memo.Length > 0)
        {
            yield return ("memo", transaction.Memo);
        }

        foreach (Operation operation in transaction.Operations)
        {
            foreach ((string, string) line in OperationView.Lines(
                OperationView.Name(operation), OperationView.Facts(operation), addresses, decimals))
            {
                yield return line;
            }

            foreach (PrivilegedOperation privileged in operation is Propose propose ? propose.Payload : [])
            {
                foreach ((string, string) line in OperationView.Lines(
                    OperationView.Name(privileged), OperationView.Facts(privileged), addresses, decimals))
                {
                    yield return line;
                }
            }
        }
    }

    public static string StateName(V1.TransactionState state) => state switch
    {
        V1.TransactionState.Pending => "pending",
        V1.TransactionState.Succeeded => "succeeded",
        V1.TransactionState.Failed => "failed",
        V1.TransactionState.Expired => "expired",
        V1.TransactionState.Replaced => "replaced",
        _ => "unknown",
    };

    public static JsonObject ToJson(V1.TransactionStatus status)
    {
        bool final = status.State is V1.TransactionState.Succeeded or V1.TransactionState.Failed;
        return new JsonObject
        {
            ["transactionId"] = Convert.ToHexStringLower(status.TransactionId.Span),
            ["state"] = StateName(status.State),
            ["final"] = final,
            ["asOfHeight"] = status.AsOfHeight,
            ["height"] = final ? status.Height : null,
            ["index"] = final ? status.Index : null,
            ["time"] = final ? Times.Iso(status.TimeMs) : null,
            ["refusal"] = ToJson(status.Refusal),
            ["events"] = new JsonArray([.. status.Events.Select(e => (JsonNode)EventView.ToJson(e))]),
        };
    }

    public static JsonObject? ToJson(V1.Refusal? refusal) => refusal is null ? null : new JsonObject
    {
        ["code"] = refusal.Code,
        ["detail"] = refusal.Detail,
        ["operation"] = refusal.Operation,
        ["retriable"] = refusal.Retriable,
    };

    public static IEnumerable<(string Label, string Value)> Lines(
        V1.TransactionStatus status, AddressBook addresses, Decimals decimals)
    {
        yield return ("transaction", Convert.ToHexStringLower(status.TransactionId.Span));
        yield return ("state", StateName(status.State));
        if (status.State is V1.TransactionState.Succeeded or V1.TransactionState.Failed)
        {
            yield return ("final at", $"height {status.Height}, {Times.Human(status.TimeMs)} UTC");
        }
        else
        {
            yield return ("as of", $"height {status.AsOfHeight}");
        }

        if (status.Refusal is { } refusal)
        {
            yield return ("refused", $"{refusal.Code}: {refusal.Detail}");
        }

        foreach (V1.Event e in status.Events)
        {
            yield return ("event", EventView.Line(e, addresses, decimals));
        }
    }
}
