// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text.RegularExpressions;
using TokenLedger.Explorer.Language;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Language;

/// <summary>The site and the verifier's page say one thing with one Urdu word.</summary>
public sealed class GlossaryTests
{
    // What was once said otherwise, or is taken for something else: arrears, a tower, an agreement, total
    // issuance.
    private static readonly string[] Avoided =
        ["کھات", "بقایا", "جینیسس", "بلندی", "برج", "معاہد", "چھپا", "آزاد", "توثیق کار", "کل اجرا"];

    private static readonly string[] Sources =
    [
        Verifier("texts.js"), Verifier("words.js"),
        .. typeof(Phrases).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(static field => field.GetValue(null)).OfType<Phrase>().Select(static one => one.Urdu),
    ];

    public static TheoryData<string, string> Shared => new()
    {
        { "fact_genesis", Phrases.CheckGenesis.Urdu },
        { "fact_height", Phrases.Height.Urdu },
        { "fact_balance", Phrases.Balance.Urdu },
        { "fact_supply", Phrases.Supply.Urdu },
        { "fact_account", Phrases.Account.Urdu },
        { "fact_asset", Phrases.Asset.Urdu },
        { "fact_event", Phrases.Event.Urdu },
    };

    [Fact]
    public void Urdu_OfSiteAndVerifier_HasNoSecondWord() => Assert.All(
        Avoided, word => Assert.DoesNotContain(
            Sources, text => Regex.IsMatch(text, @"(?<!\p{L})" + word)));

    [Theory]
    [MemberData(nameof(Shared))]
    public void Label_OfTheVerifier_IsTheSites(string key, string urdu) =>
        Assert.Equal(urdu, Regex.Matches(Verifier("texts.js"), $"{key}: '([^']*)'")[1].Groups[1].Value);

    private static string Verifier(string name) => File.ReadAllText(
        Repository.PathOf("src", "TokenLedger.Explorer", "Verifier", "Page", name));
}
