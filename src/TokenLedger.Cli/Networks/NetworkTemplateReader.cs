// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Cli.Networks;

/// <summary>
/// Reads a template folder: network.json, portfolio.json and the documents that the portfolio names.
/// </summary>
internal sealed class NetworkTemplateReader
{
    private const int MaxDocumentBytes = 16 * 1024 * 1024;
    private const int MaxPolicies = 256;

    private readonly string _folder;
    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> _institutions = new(StringComparer.Ordinal);

    private NetworkTemplateReader(string folder) => _folder = folder;

    /// <summary>Reads the folder.</summary>
    /// <exception cref="NetworkCreationException">A file is missing or says something wrong.</exception>
    public static NetworkTemplate Read(string folder)
    {
        var reader = new NetworkTemplateReader(folder);
        NetworkTemplate template = reader.ReadFile("network.json", root => root.Object(reader.Network));
        return template with
        {
            Assets = reader.ReadFile("portfolio.json", root => root.Object(portfolio => portfolio
                .Required("assets")
                .List(Limits.GenesisAssets, item => item.Object(reader.Asset)))),
        };
    }

    private T ReadFile<T>(string name, Func<StrictValue, T> read)
    {
        string path = Path.Combine(_folder, name);
        try
        {
            return StrictJson.Read(File.ReadAllBytes(path), GenesisFile.MaxBytes, read);
        }
        catch (StrictJsonException e)
        {
            throw new NetworkCreationException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NetworkCreationException($"Cannot read the template {path}: {e.Message}", e);
        }
    }

    private NetworkTemplate Network(StrictObject network) => new(
        network.Required("networkName").Text(Limits.NameBytes),
        network.Required("chainId").Number(1, Limits.ChainIdMax),
        network.Required("consensus").Object(GenesisReader.Consensus),
        network.Required("institutions").List(Limits.GenesisInstitutions, item => item.Object(Institution)),
        network.Required("accounts").List(Limits.GenesisAccounts, item => item.Object(Account)),
        [],
        network.Required("policies").List(MaxPolicies, static item => item.Object(GenesisReader.Policy)));

    private TemplateInstitution Institution(StrictObject institution)
    {
        string label = NewLabel(institution.Required("label"));
        _institutions.Add(label);
        return new TemplateInstitution(
            label,
            institution.Required("kind").Name<InstitutionKind>(),
            institution.Required("name").Text(Limits.NameBytes),
            institution.Required("nameUrdu").Text(Limits.NameBytes),
            institution.Required("officers").List(
                Limits.OfficersPerInstitution, item => item.Object(Officer)));
    }

    private TemplateOfficer Officer(StrictObject officer) => new(
        NewLabel(officer.Required("label")),
        GenesisReader.DutiesOf(officer.Required("duties")),
        officer.Required("name").Text(Limits.NameBytes));

    private TemplateAccount Account(StrictObject account) => new(
        NewLabel(account.Required("label")),
        account.Required("kind").Name<AccountKind>(),
        account.Optional<string?>("institution", null, KnownInstitution));

    private GenesisAsset Asset(StrictObject asset) => new(
        GenesisReader.Definition(asset, value => Labels.InstitutionId(KnownInstitution(value))),
        asset.Required("documents").List(Limits.DocumentsPerAsset, item => item.Object(Document)));

    private AssetDocument Document(StrictObject document)
    {
        StrictValue file = document.Required("file");
        string relative = file.Text(Limits.UriBytes);
        string path = Path.GetFullPath(Path.Combine(_folder, relative));
        string inside = Path.GetFullPath(_folder) + Path.DirectorySeparatorChar;
        if (!path.StartsWith(inside, StringComparison.Ordinal))
        {
            throw file.Unexpected("a file inside the template's folder");
        }

        var info = new FileInfo(path);
        if (!info.Exists || info.Length > MaxDocumentBytes)
        {
            throw file.Unexpected($"an existing file of at most {MaxDocumentBytes} bytes");
        }

        return new AssetDocument(
            document.Required("title").Text(Limits.NameBytes),
            new Hash256(SHA256.HashData(File.ReadAllBytes(path))),
            document.Required("uri").Text(Limits.UriBytes));
    }

    private string NewLabel(StrictValue value)
    {
        string label = Labels.Read(value);
        return _labels.Add(label) ? label : throw value.Unexpected("a label that nobody else has");
    }

    private string KnownInstitution(StrictValue value)
    {
        string label = Labels.Read(value);
        return _institutions.Contains(label)
            ? label
            : throw value.Unexpected($"the label of an institution: {string.Join(", ", _institutions.Order())}");
    }
}
