// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Core.Genesis;

/// <summary>Writes the parts of a genesis file, as <see cref="GenesisReader"/> reads them. Pure.</summary>
internal static class GenesisWriter
{
    public static void Document(Utf8JsonWriter json, GenesisDocument document)
    {
        json.WriteStartObject();
        json.WriteNumber("version", GenesisDocument.Version);
        json.WriteString("networkName", document.NetworkName);
        json.WriteNumber("chainId", document.ChainId);
        json.WriteString("time", Format(document.Time, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        json.WriteStartObject("consensus");
        json.WriteNumber("deltaMs", document.Consensus.DeltaMs);
        json.WriteNumber("heartbeatMs", document.Consensus.HeartbeatMs);
        json.WriteEndObject();
        List(json, "validators", document.Validators, Validator);
        List(json, "institutions", document.Institutions, Institution);
        List(json, "accounts", document.Accounts, Account);
        List(json, "assets", document.Assets, Asset);
        List(json, "policies", document.Policies, Policy);
        json.WriteEndObject();
    }

    private static void Validator(Utf8JsonWriter json, Validator validator)
    {
        json.WriteString("name", validator.Name);
        json.WriteString("address", validator.Address.ToString());
        json.WriteString("tlsKeyHash", validator.TlsKeyHash.ToString());
    }

    private static void Institution(Utf8JsonWriter json, GenesisInstitution institution)
    {
        json.WriteString("id", institution.Id.ToString());
        json.WriteString("kind", SnakeCase.Of(institution.Kind));
        json.WriteString("name", institution.Name);
        json.WriteString("nameUrdu", institution.NameUrdu);
        List(json, "officers", institution.Officers, static (json, officer) =>
        {
            json.WriteString("address", officer.Address.ToString());
            Names(json, "duties", Enum.GetValues<Duties>()
                .Where(duty => duty != Duties.None && officer.Duties.HasFlag(duty)));
            json.WriteString("name", officer.Name);
        });
    }

    private static void Account(Utf8JsonWriter json, GenesisAccount account)
    {
        json.WriteString("address", account.Address.ToString());
        json.WriteString("kind", SnakeCase.Of(account.Kind));
        if (!account.Institution.IsZero)
        {
            json.WriteString("institution", account.Institution.ToString());
        }
    }

    private static void Asset(Utf8JsonWriter json, GenesisAsset asset)
    {
        AssetDefinition definition = asset.Definition;
        json.WriteString("id", definition.Id.ToString());
        json.WriteString("class", SnakeCase.Of(definition.Class));
        json.WriteString("name", definition.Name);
        json.WriteString("nameUrdu", definition.NameUrdu);
        json.WriteNumber("decimals", definition.Decimals);
        json.WriteString("cap", definition.Cap.ToString());
        json.WriteString("unitValueMicroUsd", new Amount(definition.UnitValueMicroUsd).ToString());
        json.WriteString("issuer", definition.Issuer.ToString());
        json.WriteStartObject("terms");
        Terms(json, definition.Terms);
        json.WriteEndObject();
        List(json, "documents", asset.Documents, static (json, document) =>
        {
            json.WriteString("title", document.Title);
            json.WriteString("sha256", document.Hash.ToString());
            json.WriteString("uri", document.Uri);
        });
    }

    private static void Terms(Utf8JsonWriter json, AssetTerms terms)
    {
        if (terms.Isin.Length != 0)
        {
            json.WriteString("isin", terms.Isin);
        }

        json.WriteString("issueDate", Format(terms.IssueDate, "yyyy-MM-dd"));
        if (terms.MaturityDate.Value != 0)
        {
            json.WriteString("maturityDate", Format(terms.MaturityDate, "yyyy-MM-dd"));
        }

        if (terms.CouponBasisPoints != 0)
        {
            json.WriteNumber("couponBasisPoints", terms.CouponBasisPoints);
        }

        if (terms.PaymentsPerYear != 0)
        {
            json.WriteNumber("paymentsPerYear", terms.PaymentsPerYear);
        }

        if (terms.DayCount != DayCount.None)
        {
            json.WriteString("dayCount", SnakeCase.Of(terms.DayCount));
        }

        List(json, "attributes", terms.Attributes, static (json, attribute) =>
        {
            json.WriteString("key", attribute.Key);
            json.WriteString("value", attribute.Value);
        });
    }

    private static void Policy(Utf8JsonWriter json, ApprovalPolicy policy)
    {
        json.WriteString("kind", SnakeCase.Of(policy.Kind));
        Names(json, "makers", Kinds(policy.Makers));
        Names(json, "checkers", Kinds(policy.Checkers));
        List(json, "tiers", policy.Tiers, static (json, tier) =>
        {
            if (tier.UpToMicroUsd != UInt128.MaxValue)
            {
                json.WriteString("upToMicroUsd", new Amount(tier.UpToMicroUsd).ToString());
            }

            json.WriteNumber("approvals", tier.Approvals);
            json.WriteNumber("institutions", tier.Institutions);
            if (tier.RequiredKinds != 0)
            {
                Names(json, "requiredKinds", Kinds(tier.RequiredKinds));
            }

            if (tier.DelayMs != 0)
            {
                json.WriteNumber("delayMs", tier.DelayMs);
            }
        });
    }

    private static IEnumerable<InstitutionKind> Kinds(uint mask) =>
        Enum.GetValues<InstitutionKind>().Where(kind => (mask & ApprovalPolicy.Bit(kind)) != 0);

    private static void Names<T>(Utf8JsonWriter json, string name, IEnumerable<T> values)
        where T : struct, Enum
    {
        json.WriteStartArray(name);
        foreach (T value in values)
        {
            json.WriteStringValue(SnakeCase.Of(value));
        }

        json.WriteEndArray();
    }

    private static void List<T>(
        Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Format(TimestampMs time, string format) => DateTimeOffset
        .FromUnixTimeMilliseconds(checked((long)time.Value))
        .ToString(format, CultureInfo.InvariantCulture);
}
