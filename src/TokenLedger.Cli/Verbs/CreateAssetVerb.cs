// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Verbs;

/// <summary>A new instrument, as it is typed.</summary>
internal sealed class CreateAssetVerb
{
    private const int UsdDecimals = 6;

    private readonly Argument<string> _symbol = new("symbol")
    { Description = "Its symbol: 2 to 16 of A-Z, 0-9, '-'." };
    private readonly Option<string> _class =
        Inputs.Required("--class", "CLASS", "What it is: " + Inputs.Choices<AssetClass>() + ".");

    private readonly Option<string> _name = Inputs.Required("--name", "TEXT", "Its name in English.");
    private readonly Option<string> _nameUrdu = Inputs.Required("--name-urdu", "TEXT", "Its name in Urdu.");
    private readonly Option<byte> _decimals = new("--decimals")
    { Description = "Digits after the point, 0 to 18.", HelpName = "N" };
    private readonly Option<string> _cap =
        Inputs.Required("--cap", "N", "The authorised amount, in whole units.");
    private readonly Option<string> _unitValue =
        Inputs.Required(
            "--unit-value", "USD", "Reference value of a whole unit in US dollars, for approval thresholds.");

    private readonly Option<string?> _issuer =
        Inputs.Optional("--issuer", "INSTITUTION", "The issuing institution (default: the maker's).");

    private readonly Option<string?> _isin = Inputs.Optional("--isin", "ISIN", "Its ISIN.");
    private readonly Option<string?> _issued =
        Inputs.Optional("--issue-date", "DAY", "First day, e.g. 2027-01-31.");
    private readonly Option<string?> _matures = Inputs.Optional("--maturity-date", "DAY", "Last day.");
    private readonly Option<uint> _coupon = new("--coupon")
    {
        Description = "Yearly rate in basis points: 1250 is 12.5 %.",
        HelpName = "BP",
    };

    private readonly Option<byte> _payments = new("--payments-per-year")
    { Description = "0, 1, 2, 4 or 12.", HelpName = "N" };
    private readonly Option<string?> _dayCount =
        Inputs.Optional("--day-count", "RULE", Inputs.Choices<DayCount>() + ".");
    private readonly Option<string[]> _attributes = new("--attribute")
    {
        Description = "One more term, key=value; repeat it for more.",
        HelpName = "KEY=VALUE",
    };

    public static Verb Make()
    {
        var input = new CreateAssetVerb();
        return Verb.Privileged(
            "create", "Enters an instrument in the register; nothing is issued by it.",
            "PIB-30 --class bond --name \"Bond 2030\" --name-urdu \"بانڈ 2030\" --decimals 2 "
                + "--cap 50,000,000 --unit-value 1",
            [
                input._symbol, input._class, input._name, input._nameUrdu, input._decimals, input._cap,
                input._unitValue,
                input._issuer, input._isin, input._issued, input._matures, input._coupon, input._payments,
                input._dayCount, input._attributes,
            ],
            async (session, _, token) => new CreateAsset(await input.ReadAsync(session, token)));
    }

    private async Task<AssetDefinition> ReadAsync(Session session, CancellationToken token)
    {
        byte decimals = session.Value(_decimals);
        if (decimals > Limits.AssetDecimals)
        {
            throw CliException.Usage(
                $"--decimals is {decimals}; at most {Limits.AssetDecimals} are possible.");
        }

        Amount cap = AmountText.Parse(session.Value(_cap), decimals, atomic: false);
        Amount unitValue = AmountText.Parse(session.Value(_unitValue), UsdDecimals, atomic: false);
        string? dayCount = session.Value(_dayCount);
        var terms = new AssetTerms(
            session.Value(_isin) ?? "",
            Inputs.Day(session.Value(_issued), "--issue-date"),
            Inputs.Day(session.Value(_matures), "--maturity-date"),
            session.Value(_coupon),
            session.Value(_payments),
            dayCount is null ? DayCount.None : Inputs.Choice<DayCount>(dayCount, "--day-count"),
            [.. (session.Value(_attributes) ?? []).Select(Attribute)]);
        return new AssetDefinition(
            Inputs.Asset(session.Value(_symbol)),
            Inputs.Choice<AssetClass>(session.Value(_class), "--class"),
            session.Value(_name),
            session.Value(_nameUrdu) ?? "",
            decimals,
            cap,
            unitValue.Units,
            session.Value(_issuer) is { } issuer
                ? session.Addresses.Resolve(issuer)
                : await InstitutionOfAsync(session, Signer.AddressOf(session, session.From), token),
            terms);
    }

    private static TermAttribute Attribute(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new TermAttribute(text[..equals], text[(equals + 1)..])
            : throw CliException.Usage($"--attribute is '{text}'.", next: "Write it as key=value.");
    }

    private static async Task<Address> InstitutionOfAsync(
        Session session, Address officer, CancellationToken token)
    {
        V1.ListInstitutionsResponse response = await session.Connection.ReadAsync(
            (node, call) =>
                node.Queries.ListInstitutionsAsync(new V1.ListInstitutionsRequest(), call), token);
        byte[] key = officer.ToArray();
        V1.Institution? own = response.Institutions.FirstOrDefault(
            i => i.Officers.Any(o => o.Duties != 0 && o.Officer_.Span.SequenceEqual(key)));
        return own is not null
            ? new Address(own.Id.Span)
            : throw new CliException(
                RejectionCodes.Name(RejectionCode.NotAuthorised), ExitCode.Auth,
                "The signer is no officer of any institution, so nothing says who the issuer is.",
                next: "tl institution list, or pass --issuer.");
    }
}
