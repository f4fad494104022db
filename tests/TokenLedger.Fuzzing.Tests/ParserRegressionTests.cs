// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.RegularExpressions;
using TokenLedger.Fuzzing.Targets;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Tests;

/// <summary>
/// Inputs with which fuzzing once found a fault, each named by its parser. An input is refused in the way
/// that its parser declares.
/// </summary>
public sealed class ParserRegressionTests
{
    [Theory]
    [InlineData("file.ProofBundle", """{"format":"tokenledger-proof/3","asset":"A","asset":"B"}""")]
    [InlineData("file.Context", """{"name":"a","name":"b"}""")]
    [InlineData("file.OfflineDocument", """{"format":"tokenledger-transaction/2","body":"","body":""}""")]
    public void Read_KeyTwice_IsRefused(string parser, string json) => Refused(parser, json);

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\u0000b")]
    [InlineData("")]
    public void ReadNodeOptions_PathThatIsNone_IsRefused(string path) => Refused(
        "file.NodeOptions",
        $$"""
        {"name":"v","genesis":"{{path}}","dataDirectory":"d","tls":{"certificate":"c","key":"k"},
        "peers":{"listen":"127.0.0.1:1","addresses":{} },"api":{"listen":"127.0.0.1:2"},
        "operations":{"listen":"127.0.0.1:3"} }
        """);

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public void ReadKeystore_IdOfHalfASurrogatePair_IsRefused(string id) => Refused(
        "file.Keystore",
        $$"""
        {"version":3,"id":"{{id}}","crypto":{"cipher":"aes-128-ctr",
        "cipherparams":{"iv":"{{Hex(16)}}"},"ciphertext":"{{Hex(32)}}","kdf":"pbkdf2",
        "kdfparams":{"dklen":32,"c":1000,"prf":"hmac-sha256","salt":"{{Hex(32)}}"},"mac":"{{Hex(32)}}"} }
        """);

    [Theory]
    [InlineData("node.EventCursor", "AgAAAAAAAAAAAAAAAAAAAAUAAAAC====")]
    [InlineData("node.EventCursor", " AgAAAAAAAAAAAAAAAAAAAAUAAAAC")]
    [InlineData("node.EventCursor", "AgAAAAAAAAAA\nAAAAAAAAAAUAAAAC")]
    [InlineData("node.PageToken", "AQAAAAAAAAAFAQ==")]
    [InlineData("node.PageToken", "AQAAAAAAAAAFAR")]
    [InlineData("node.HistoryToken", "BgAAAAAAAAAFAAAAAQAAAAI=")]
    [InlineData("node.HistoryToken", "BgAAAAAAAAAFAAAAAQAAAAJ")]
    public void ReadToken_AnotherSpelling_IsRefused(string parser, string token) => Refused(parser, token);

    [Theory]
    [InlineData("node.EventCursor", "AgAAAAAAAAAAAAAAAAAAAAUAAAAC")]
    [InlineData("node.PageToken", "AQAAAAAAAAAFAQ")]
    [InlineData("node.PageNumber", "BQAAAAAAAAAFAAAAAAAAAAM")]
    [InlineData("node.HistoryToken", "BgAAAAAAAAAFAAAAAQAAAAI")]
    public void ReadToken_TheSpellingThatIsGivenOut_IsTaken(string parser, string token)
    {
        CaseResult result = Judge(parser, token);
        Assert.Null(result.Problem);
        Assert.True(result.Accepted);
    }

    /// <summary>Tokens of another listing, and the cursor of another network.</summary>
    [Theory]
    [InlineData("node.PageToken", "BAAAAAAAAAAFAQ")]
    [InlineData("node.PageToken", "AAAAAAAAAAUB")]
    [InlineData("node.PageNumber", "BAAAAAAAAAAFAAAAAAAAAAM")]
    [InlineData("node.PageNumber", "BQAAAAAAAAAFAw")]
    [InlineData("node.HistoryToken", "BQAAAAAAAAAFAAAAAQAAAAI")]
    [InlineData("node.EventCursor", "AgAAAAAAAAABAAAAAAAAAAUAAAAC")]
    [InlineData("node.EventCursor", "AQAAAAAAAAAFAAAAAg")]
    public void ReadToken_OfAnotherPlace_IsRefused(string parser, string token) => Refused(parser, token);

    /// <summary>file.Keystore, seed 1, case 275; file.ProofBundle, seed 1, case 221.</summary>
    [Theory]
    [InlineData("file.Keystore")]
    [InlineData("file.ProofBundle")]
    [InlineData("file.Context")]
    [InlineData("file.OfflineDocument")]
    public void Read_KeyOfHalfASurrogatePair_IsRefused(string parser) =>
        Refused(parser, """{"version":3,"\ud800":1,"format":"tokenledger-proof/3"}""");

    /// <summary>file.OfflineDocument, seed 1, case 480.</summary>
    [Fact]
    public void ReadOfflineDocument_NumberWithAHugeExponent_IsRefused()
    {
        FuzzTarget target = FuzzTargets.Named("file.OfflineDocument");
        string valid = Encoding.UTF8.GetString(target.Sample(new CoreGenerator(1)));
        string changed = Regex.Replace(valid, "\"lane\":[0-9]+", "\"lane\":1e99999999999");
        Assert.NotEqual(valid, changed);
        Refused(target.Name, changed);
    }

    /// <summary>file.Keystore, seed 1, case 14: what was written could not be read.</summary>
    [Fact]
    public void ReadKeystore_WithoutAnAddress_CanBeWrittenAgain()
    {
        CaseResult result = Judge(
            "file.Keystore",
            $$"""
            {"version":3,"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"{{Hex(16)}}"},
            "ciphertext":"{{Hex(32)}}","kdf":"scrypt",
            "kdfparams":{"dklen":32,"n":1024,"r":8,"p":1,"salt":"{{Hex(32)}}"},"mac":"{{Hex(32)}}"} }
            """);
        Assert.Null(result.Problem);
        Assert.True(result.Accepted);
    }

    private static void Refused(string parser, string text)
    {
        CaseResult result = Judge(parser, text);
        Assert.Null(result.Problem);
        Assert.False(result.Accepted, text);
    }

    private static CaseResult Judge(string parser, string text)
    {
        var fuzzer = new Fuzzer(FuzzTargets.Named(parser), 1);

        // A first call allocates what all later ones use.
        _ = fuzzer.Judge(Encoding.UTF8.GetBytes(text));
        return fuzzer.Judge(Encoding.UTF8.GetBytes(text));
    }

    private static string Hex(int bytes) => new('a', 2 * bytes);
}
