// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Mesh.Requests;

/// <summary>
/// Why a request has no answer. Code and message of an error never change; what is special about one case
/// stands in its details.
/// </summary>
/// <param name="Code">A refusal of the ledger has the ledger's own number, 1 to 999; the adapter's begin at
/// 1001.</param>
/// <param name="Message">The name that programs compare, for example BLOCK_UNKNOWN.</param>
/// <param name="Description">What it means in general.</param>
/// <param name="Retriable">Whether the same request may succeed later.</param>
internal sealed record MeshError(int Code, string Message, string Description, bool Retriable)
{
    public static MeshError RequestInvalid { get; } = new(
        1001, "REQUEST_INVALID", "The body is not JSON, or a field is not what it must be.", false);

    public static MeshError RequestTooLarge { get; } = new(
        1002, "REQUEST_TOO_LARGE", "The body is over the limit.", false);

    public static MeshError MethodNotAllowed { get; } = new(
        1003, "METHOD_NOT_ALLOWED", "All endpoints are asked with POST.", false);

    public static MeshError EndpointUnknown { get; } = new(
        1004, "ENDPOINT_UNKNOWN", "There is no such endpoint.", false);

    public static MeshError NetworkUnknown { get; } = new(
        1005, "NETWORK_UNKNOWN", "The adapter serves the network of /network/list only.", false);

    public static MeshError NotImplemented { get; } = new(
        1006, "NOT_IMPLEMENTED", "The ledger has this in another way, or the adapter not at all.", false);

    public static MeshError CoinsUnsupported { get; } = new(
        1007, "COINS_UNSUPPORTED", "The ledger has balances of accounts, and no coins.", false);

    public static MeshError Offline { get; } = new(
        1008, "OFFLINE", "The adapter runs without a node and constructs transactions only.", false);

    public static MeshError AddressInvalid { get; } = new(
        1009, "ADDRESS_INVALID", "An address is 0x and 40 digits whose case is right by EIP-55.", false);

    public static MeshError SubAccountUnsupported { get; } = new(
        1010, "SUB_ACCOUNT_UNSUPPORTED", "Accounts have no sub-accounts: an account has one balance of an"
            + " asset.", false);

    public static MeshError CurrencyUnknown { get; } = new(
        1011, "CURRENCY_UNKNOWN", "The ledger has no asset with this symbol and these decimals.", false);

    public static MeshError BlockUnknown { get; } = new(
        1012, "BLOCK_UNKNOWN", "No such block is final here; a height may be soon.", true);

    public static MeshError BlockPruned { get; } = new(
        1013, "BLOCK_PRUNED", "The node began with a snapshot after this block; ask another.", false);

    public static MeshError TransactionUnknown { get; } = new(
        1014, "TRANSACTION_UNKNOWN", "The transaction is not where it was looked for.", false);

    public static MeshError TooManyCurrencies { get; } = new(
        1015, "TOO_MANY_CURRENCIES", "The account has more assets than one answer: name the currencies.",
        false);

    public static MeshError OperationsInvalid { get; } = new(
        1016, "OPERATIONS_INVALID", "The operations are not transfers of one sender, each a debit followed by"
            + " its credit.", false);

    public static MeshError MetadataInvalid { get; } = new(
        1017, "METADATA_INVALID", "Options or metadata are not those of the step before.", false);

    public static MeshError TransactionInvalid { get; } = new(
        1018, "TRANSACTION_INVALID", "The transaction is not one of /construction/payloads or"
            + " /construction/combine on this network.", false);

    public static MeshError PublicKeyInvalid { get; } = new(
        1019, "PUBLIC_KEY_INVALID", "The key is no point of secp256k1.", false);

    public static MeshError NodeUnavailable { get; } = new(
        1020, "NODE_UNAVAILABLE", "The node does not answer, or is not ready.", true);

    public static MeshError NodeBusy { get; } = new(
        1021, "NODE_BUSY", "The node answers fewer calls than the adapter needs: wait, or give it a key with"
            + " a larger quota.", true);

    public static MeshError NodeRefused { get; } = new(
        1022, "NODE_REFUSED", "The node does not let the adapter ask this: see its API key.", false);

    public static MeshError NodeUnverified { get; } = new(
        1023, "NODE_UNVERIFIED", "What the node says is not what the validators signed.", false);

    public static MeshError Failed { get; } = new(
        1024, "FAILED", "The adapter failed in an unforeseen way; its log tells more.", false);

    /// <summary>Every error that an answer can have, by code.</summary>
    public static ImmutableArray<MeshError> All { get; } =
    [
        .. Enum.GetValues<RejectionCode>().Select(static code => new MeshError(
            (int)code, RejectionCodes.Name(code), "The ledger's refusal of this name, as its registry tells"
                + " it.", RejectionCodes.IsRetriable(code))),
        RequestInvalid, RequestTooLarge, MethodNotAllowed, EndpointUnknown, NetworkUnknown, NotImplemented,
        CoinsUnsupported, Offline, AddressInvalid, SubAccountUnsupported, CurrencyUnknown, BlockUnknown,
        BlockPruned, TransactionUnknown, TooManyCurrencies, OperationsInvalid, MetadataInvalid,
        TransactionInvalid, PublicKeyInvalid, NodeUnavailable, NodeBusy, NodeRefused, NodeUnverified, Failed,
    ];

    /// <summary>The error of a refusal of the ledger.</summary>
    public static MeshError Of(RejectionCode code) => All.Single(error => error.Code == (int)code);

    /// <summary>The error of that message; null for none.</summary>
    public static MeshError? Named(string message) =>
        All.SingleOrDefault(error => error.Message == message);

    /// <summary>The error as it is answered; without details as the options list it.</summary>
    public JsonObject ToJson(string? detail = null)
    {
        var json = new JsonObject
        {
            ["code"] = Code,
            ["message"] = Message,
            ["description"] = Description,
            ["retriable"] = Retriable,
        };
        if (detail is not null)
        {
            json["details"] = new JsonObject { ["reason"] = detail };
        }

        return json;
    }
}

/// <summary>A request that is answered with an error.</summary>
/// <param name="error">Which.</param>
/// <param name="detail">A sentence about this case.</param>
internal sealed class MeshException(MeshError error, string detail) : Exception(detail)
{
    public MeshError Error { get; } = error;
}
