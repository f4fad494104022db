// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Tests;

public sealed class SignedDocumentTests
{
    private static readonly PrivateKey Key = PrivateKey.Import(
        Convert.FromHexString("0000000000000000000000000000000000000000000000000000000000000001"));

    private readonly string _signed = SignedDocument.Sign(
        new JsonObject
        {
            ["height"] = 12,
            ["what"] = "a report — «so»",
            ["inner"] = new JsonObject { ["a"] = null },
        },
        Key);

    [Fact]
    public void Open_WhatWasSigned_GivesDocumentAndSigner()
    {
        (System.Text.Json.JsonElement document, Address signer) = Open(_signed)!.Value;
        Assert.Equal(Key.Address, signer);
        Assert.Equal(12, document.GetProperty("height").GetInt32());
        Assert.Equal("a report — «so»", document.GetProperty("what").GetString());
    }

    /// <summary>White space may change on the way.</summary>
    [Fact]
    public void Open_WrittenWithOtherSpaces_IsTheSame() =>
        Assert.Equal(Key.Address, Open(JsonNode.Parse(_signed)!.ToJsonString())!.Value.Signer);

    [Fact]
    public void Open_AnythingElseChanged_IsRefused()
    {
        JsonObject other = JsonNode.Parse(_signed)!.AsObject();
        Change(root => root["document"]!["height"] = 13);
        Change(root => root["document"]!["new"] = 1);
        Change(root => root["document"]!.AsObject().Remove("inner"));
        Change(root => root["signer"] = "0x000000000000000000000000000000000000dEaD");
        Change(root => root["signer"] = 5);
        Change(root => root["signature"] = new string('0', 130));
        Change(root => root["signature"] = "not hex");
        Change(root => root.Remove("signature"));
        Assert.Null(Open("[]"));
        Assert.Null(Open("{"));
        Assert.Null(SignedDocument.Open(new byte[SignedDocument.MaxBytes + 1]));
        Assert.NotNull(Open(other.ToJsonString()));
    }

    private static (System.Text.Json.JsonElement Document, Address Signer)? Open(string text) =>
        SignedDocument.Open(Encoding.UTF8.GetBytes(text));

    private void Change(Action<JsonObject> change)
    {
        JsonObject root = JsonNode.Parse(_signed)!.AsObject();
        change(root);
        Assert.Null(Open(root.ToJsonString()));
    }
}
