// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;

namespace TokenLedger.Mesh.Construction;

/// <summary>
/// What a client may say about a transaction beside its operations, in the metadata of
/// /construction/preprocess. All of it is optional.
/// </summary>
/// <param name="Lane">The nonce sequence.</param>
/// <param name="ValidityMs">How long it may wait for inclusion.</param>
/// <param name="Request">The client's own name for it.</param>
/// <param name="Memo">Text for the receiver.</param>
internal sealed record TransactionWishes(uint Lane, ulong ValidityMs, RequestName? Request, string Memo)
{
    /// <summary>Ten minutes: a hot wallet's, so that an expiry comes soon and is final.</summary>
    private const ulong DefaultValidityMs = 600_000;

    /// <summary>When nothing is said.</summary>
    public static TransactionWishes None { get; } = new(0, DefaultValidityMs, null, "");

    /// <summary>From a request's members.</summary>
    public static TransactionWishes Of(StrictObject members) => new(
        (uint)members.Optional(
            "lane", 0UL, static value => value.Number(0, Limits.LanesPerSender - 1)),
        members.Optional(
            "validity_ms", DefaultValidityMs, static value => value.Number(1_000, Limits.ValidityMs)),
        members.TryGet("request_id", out StrictValue request) ? Fields.RequestId(request) : null,
        members.Optional("memo", "", static value => value.Text(Limits.MemoBytes)));

    /// <summary>Writes what is handed on from one step to the next.</summary>
    public void AddTo(JsonObject json)
    {
        json["lane"] = Lane;
        if (Request is { } request)
        {
            json["request_id"] = request.ToString();
        }

        if (Memo.Length > 0)
        {
            json["memo"] = Memo;
        }
    }
}

/// <summary>What /construction/preprocess asks /construction/metadata for.</summary>
/// <param name="Sender">Whose nonce.</param>
/// <param name="Currencies">Whose decimals are to be confirmed.</param>
/// <param name="Wishes">What is handed on.</param>
internal sealed record ConstructionOptions(
    Address Sender, ImmutableArray<Currency> Currencies, TransactionWishes Wishes)
{
    public static ConstructionOptions Of(StrictValue value) => value.Object(static options =>
        new ConstructionOptions(
            Fields.Address(options.Required("sender")),
            options.Required("currencies").List(Limits.OperationsPerTransaction, Fields.Currency),
            TransactionWishes.Of(options)));

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["sender"] = Eip55.Format(Sender),
            ["currencies"] = new JsonArray(
            [
                .. Currencies.Select(static c => MeshJson.Currency(c.Asset, c.Decimals)),
            ]),
            ["validity_ms"] = Wishes.ValidityMs,
        };
        Wishes.AddTo(json);
        return json;
    }
}

/// <summary>What /construction/metadata found out, for /construction/payloads.</summary>
/// <param name="Sender">Whose nonce it is.</param>
/// <param name="Nonce">The next of the lane.</param>
/// <param name="ValidUntil">When it can no longer be included.</param>
/// <param name="Wishes">What was handed on; its validity is used up.</param>
internal sealed record ConstructionMetadata(
    Address Sender, ulong Nonce, TimestampMs ValidUntil, TransactionWishes Wishes)
{
    /// <summary>Reads it and requires that it is of this network.</summary>
    public static ConstructionMetadata Of(StrictValue value, MeshNetwork network) =>
        value.Object(members =>
        {
            StrictValue genesis = members.Required("genesis_hash");
            StrictValue chain = members.Required("chain_id");
            if (genesis.Hash() != network.GenesisHash || Fields.Wide(chain) != network.Digest.ChainId)
            {
                throw new MeshException(
                    MeshError.MetadataInvalid, $"{genesis.Path} and {chain.Path} are of another network.");
            }

            Fields.Ignore(members, "height");
            return new ConstructionMetadata(
                Fields.Address(members.Required("sender")),
                Fields.Wide(members.Required("nonce")),
                new TimestampMs(members.Required("valid_until_ms").Number(0, long.MaxValue)),
                TransactionWishes.Of(members));
        });

    /// <summary>The metadata as it is answered.</summary>
    /// <param name="network">The network.</param>
    /// <param name="height">What it was found at.</param>
    public JsonObject ToJson(MeshNetwork network, ulong height)
    {
        var json = new JsonObject
        {
            ["genesis_hash"] = network.GenesisHash.ToString(),
            ["chain_id"] = Fields.Text(network.Digest.ChainId),
            ["height"] = height,
            ["sender"] = Eip55.Format(Sender),
            ["nonce"] = Fields.Text(Nonce),
            ["valid_until_ms"] = ValidUntil.Value,
        };
        Wishes.AddTo(json);
        return json;
    }

    /// <summary>The transaction that is meant.</summary>
    public Transaction Transaction(TransferIntent intent) => Sender == intent.Sender
        ? new Transaction(
            Sender, Wishes.Lane, Nonce, ValidUntil, Wishes.Request?.ToLedger(), Wishes.Memo,
            [.. intent.Transfers])
        : throw new MeshException(
            MeshError.MetadataInvalid, "The metadata is of another sender than the operations.");
}
