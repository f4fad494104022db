// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Wire;

namespace TokenLedger.Mesh.Construction;

/// <summary>
/// A transaction between the steps of construction, as text: <c>{ "format", "genesis_hash", "body",
/// "currencies", "signature" }</c>. Only the body counts and is signed: the canonical bytes that the ledger
/// takes. The currencies tell what the body does not, how many decimals its amounts have; whoever changes
/// them changes nothing that is paid, and the operations that come out are not those that were meant.
/// </summary>
internal sealed record TransactionBlob
{
    private const string Format = "tokenledger-mesh/1";
    private const int MaxBytes = 128 * 1024;
    private const int MaxText = 64;

    /// <summary>The canonical body.</summary>
    public required ImmutableArray<byte> Body { get; init; }

    /// <summary>What it says.</summary>
    public required Transaction Content { get; init; }

    /// <summary>The decimals of each asset in it.</summary>
    public required ImmutableArray<Currency> Currencies { get; init; }

    /// <summary>65 bytes; empty before signing.</summary>
    public ImmutableArray<byte> Signature { get; init; } = [];

    public SignedTransaction Signed => new(Body, Signature);

    /// <summary>The text of a transaction that is not signed yet.</summary>
    /// <exception cref="MeshException">TOO_LARGE.</exception>
    public static TransactionBlob Of(Transaction content, ImmutableArray<Currency> currencies)
    {
        byte[] body = TransactionMapper.Encode(content);
        return body.Length <= Limits.TransactionBytes
            ? new TransactionBlob { Body = [.. body], Content = content, Currencies = currencies }
            : throw new MeshException(
                MeshError.Of(RejectionCode.TooLarge),
                $"The transaction has {body.Length} bytes; at most {Limits.TransactionBytes} are taken.");
    }

    /// <summary>Reads the text, and everything in it that can be checked without a node.</summary>
    /// <param name="text">From whoever.</param>
    /// <param name="network">The network that it must be of.</param>
    /// <param name="signed">Whether it must have a signature, which must be the sender's, or none.</param>
    /// <exception cref="MeshException">TRANSACTION_INVALID, or the ledger's own refusal.</exception>
    public static TransactionBlob Read(string text, MeshNetwork network, bool signed)
    {
        TransactionBlob blob;
        try
        {
            blob = StrictJson.Read(
                Encoding.UTF8.GetBytes(text), MaxBytes,
                root => root.Object(o => Members(o, network, signed)));
        }
        catch (StrictJsonException e)
        {
            throw new MeshException(MeshError.TransactionInvalid, e.Message);
        }

        if (signed)
        {
            blob.RequireSignature(network);
        }

        return blob;
    }

    /// <summary>Requires that the signature is the sender's over this body.</summary>
    /// <exception cref="MeshException">BAD_SIGNATURE or HIGH_S.</exception>
    public void RequireSignature(MeshNetwork network)
    {
        if (Secp256k1Scheme.IsHighS(Signature.AsSpan()))
        {
            throw new MeshException(
                MeshError.Of(RejectionCode.HighS), "The signature's s is in the upper half of the order.");
        }

        if (!new Secp256k1Scheme().TryRecover(
            network.Digest.Of(Body.AsSpan()), Signature.AsSpan(), out Address signer)
            || signer != Content.Sender)
        {
            throw new MeshException(
                MeshError.Of(RejectionCode.BadSignature),
                $"The signature is not of {Eip55.Format(Content.Sender)} over this body.");
        }
    }

    /// <summary>The text, which has only one form.</summary>
    public string ToText(MeshNetwork network)
    {
        var json = new JsonObject
        {
            ["format"] = Format,
            ["genesis_hash"] = network.GenesisHash.ToString(),
            ["body"] = Convert.ToHexStringLower(Body.AsSpan()),
            ["currencies"] = new JsonArray(
            [
                .. Currencies.Select(static c => MeshJson.Currency(c.Asset, c.Decimals)),
            ]),
        };
        if (!Signature.IsEmpty)
        {
            json["signature"] = Convert.ToHexStringLower(Signature.AsSpan());
        }

        return json.ToJsonString();
    }

    private static TransactionBlob Members(StrictObject blob, MeshNetwork network, bool signed)
    {
        StrictValue format = blob.Required("format");
        if (format.Text(MaxText) != Format)
        {
            throw format.Unexpected($"\"{Format}\"");
        }

        StrictValue genesis = blob.Required("genesis_hash");
        if (genesis.Hash() != network.GenesisHash)
        {
            throw genesis.Unexpected($"{network.GenesisHash}: it is of another network");
        }

        byte[] body = Fields.Hex(blob.Required("body"), Limits.TransactionBytes);
        Rejection? refused = TransactionMapper.TryDecode(body, out Transaction? content);
        if (refused is not null)
        {
            throw new MeshException(MeshError.Of(refused.Code), refused.Detail);
        }

        StrictValue list = blob.Required("currencies");
        ImmutableArray<Currency> currencies = list.List(Limits.OperationsPerTransaction, Fields.Currency);
        if (!currencies.Select(static currency => currency.Asset)
            .SequenceEqual(content!.Operations.OfType<Transfer>().Select(static t => t.Asset).Distinct()))
        {
            throw list.Unexpected("the assets of the body, each once, in its order");
        }

        return new TransactionBlob
        {
            Body = [.. body],
            Content = content,
            Currencies = currencies,
            Signature = signed
                ? [.. Fields.Hex(blob.Required("signature"), Limits.SignatureBytes)]
                : [],
        };
    }
}
