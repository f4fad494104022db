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
/// The steps of construction that need no node: derive, preprocess, payloads, combine, parse and hash. They
/// are functions of the request and the genesis document.
/// </summary>
internal sealed class ConstructionEndpoints(MeshNetwork network)
{
    private const string Curve = "secp256k1";
    private const string SignatureType = "ecdsa_recovery";
    private const int MaxText = 64;

    /// <summary>The longest text of a transaction: its body in hexadecimal, and 100 currencies.</summary>
    private const int MaxBlob = 128 * 1024;

    private const int MaxKeys = 16;

    public void Map(IDictionary<string, MeshHandler> handlers)
    {
        handlers["/construction/derive"] = Step(Derive);
        handlers["/construction/preprocess"] = Step(Preprocess);
        handlers["/construction/payloads"] = Step(Payloads);
        handlers["/construction/combine"] = Step(Combine);
        handlers["/construction/parse"] = Step(Parse);
        handlers["/construction/hash"] = Step(request => Identifier(Signed(request)));
    }

    /// <summary>The signed transaction of a request.</summary>
    public TransactionBlob Signed(StrictObject request) =>
        TransactionBlob.Read(request.Required("signed_transaction").Text(MaxBlob), network, signed: true);

    /// <summary>An answer with a transaction's id.</summary>
    public JsonObject Identifier(TransactionBlob blob) => new()
    {
        ["transaction_identifier"] = MeshJson.TransactionId(blob.Signed.IdOn(network.GenesisHash)),
    };

    /// <summary>Keys that came along unasked are read like all others, and then not needed.</summary>
    public static void CheckKeys(StrictObject request)
    {
        if (request.TryGet("public_keys", out StrictValue keys))
        {
            keys.List(MaxKeys, Key);
        }
    }

    private MeshHandler Step(Func<StrictObject, JsonObject> step) => request =>
    {
        network.Require(request);
        JsonObject answer = step(request);
        return _ => Task.FromResult(answer);
    };

    private static JsonObject Derive(StrictObject request)
    {
        Fields.AnyObject(request, "metadata");
        return new JsonObject
        {
            ["account_identifier"] = MeshJson.Account(Key(request.Required("public_key")).Address),
        };
    }

    private static JsonObject Preprocess(StrictObject request)
    {
        // Nothing costs a fee, so none is over its maximum.
        Fields.Ignore(request, "max_fee", "suggested_fee_multiplier");
        TransferIntent intent = TransferOperations.Intent(request.Required("operations"));
        TransactionWishes wishes = request.TryGet("metadata", out StrictValue metadata)
            ? metadata.Object(TransactionWishes.Of)
            : TransactionWishes.None;
        return new JsonObject
        {
            ["options"] = new ConstructionOptions(intent.Sender, intent.Currencies, wishes).ToJson(),
        };
    }

    private JsonObject Payloads(StrictObject request)
    {
        CheckKeys(request);
        TransferIntent intent = TransferOperations.Intent(request.Required("operations"));
        Transaction content = ConstructionMetadata.Of(request.Required("metadata"), network)
            .Transaction(intent);
        var blob = TransactionBlob.Of(content, intent.Currencies);
        return new JsonObject
        {
            ["unsigned_transaction"] = blob.ToText(network),
            ["payloads"] = new JsonArray(new JsonObject
            {
                ["account_identifier"] = MeshJson.Account(content.Sender),
                ["hex_bytes"] = network.Digest.Of(blob.Body.AsSpan()).ToString(),
                ["signature_type"] = SignatureType,
            }),
        };
    }

    private JsonObject Combine(StrictObject request)
    {
        var blob = TransactionBlob.Read(
            request.Required("unsigned_transaction").Text(MaxBlob), network, signed: false);
        StrictValue list = request.Required("signatures");
        ImmutableArray<byte[]> signatures = list.List(1, one => one.Object(s => Signature(s, blob)));
        if (signatures is not [byte[] signature])
        {
            throw list.Unexpected("one signature, of the sender");
        }

        TransactionBlob signed = blob with { Signature = [.. signature] };
        signed.RequireSignature(network);
        return new JsonObject { ["signed_transaction"] = signed.ToText(network) };
    }

    private JsonObject Parse(StrictObject request)
    {
        bool signed = request.Required("signed").Flag();
        var blob = TransactionBlob.Read(request.Required("transaction").Text(MaxBlob), network, signed);
        Transaction content = blob.Content;
        Dictionary<AssetId, int> decimals = blob.Currencies.ToDictionary(
            static currency => currency.Asset, static currency => currency.Decimals);
        var metadata = new JsonObject
        {
            ["nonce"] = Fields.Text(content.Nonce),
            ["valid_until_ms"] = content.ValidUntil.Value,
        };
        new TransactionWishes(
            content.Lane, 0, content.RequestId is { } id ? RequestName.Of(id) : null, content.Memo)
            .AddTo(metadata);
        return new JsonObject
        {
            ["operations"] = MeshJson.Operations(TransferOperations.Of(content), null, decimals),
            ["account_identifier_signers"] = signed
                ? new JsonArray(MeshJson.Account(content.Sender))
                : new JsonArray(),
            ["metadata"] = metadata,
        };
    }

    private byte[] Signature(StrictObject signature, TransactionBlob blob)
    {
        signature.Required("signing_payload").Object(payload =>
        {
            Fields.Ignore(payload, "address", "account_identifier", "signature_type");
            StrictValue digest = payload.Required("hex_bytes");
            return digest.Hash() == network.Digest.Of(blob.Body.AsSpan())
                ? true
                : throw new MeshException(
                    MeshError.Of(RejectionCode.BadSignature), $"{digest.Path} is not what this body signs.");
        });
        Address signer = Key(signature.Required("public_key")).Address;
        StrictValue type = signature.Required("signature_type");
        if (type.Text(MaxText) != SignatureType)
        {
            throw type.Unexpected($"\"{SignatureType}\"");
        }

        byte[] bytes = Fields.Hex(signature.Required("hex_bytes"), Limits.SignatureBytes);
        if (bytes.Length != Limits.SignatureBytes || signer != blob.Content.Sender)
        {
            throw new MeshException(
                MeshError.Of(RejectionCode.BadSignature), "It is 65 bytes, r, s and v, of the sender's key.");
        }

        // Signers count v from 0, the ledger, as Ethereum, from 27.
        bytes[^1] += bytes[^1] < 2 ? (byte)27 : (byte)0;
        return bytes;
    }

    private static PublicKey Key(StrictValue value) => value.Object(static key =>
    {
        string curve = key.Required("curve_type").Text(MaxText);
        byte[] bytes = Fields.Hex(key.Required("hex_bytes"), PublicKey.UncompressedSize);
        return curve == Curve && PublicKey.TryParse(bytes, out PublicKey? parsed)
            ? parsed
            : throw new MeshException(
                MeshError.PublicKeyInvalid, $"It is a point of {Curve}, of 33 or 65 bytes.");
    });
}
