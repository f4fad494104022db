// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Cli.Networks;

/// <summary>
/// Creates a development network from a template: keys, certificates, genesis, each validator's configuration
/// and the client's context. All of it in one folder that appears whole or not at all.
/// </summary>
/// <param name="time">The clock of genesis time and of the certificates.</param>
/// <remarks>
/// A development network's keys stand beside their password, which guards against nothing but a stray copy. A
/// production network's keys are each made by their owner, where they stay.
/// </remarks>
public sealed class NetworkBuilder(TimeProvider time)
{
    // 4 MiB and some 15 ms a guess: every command of a demo opens a key, and the password stands beside it.
    private static readonly ScryptCost Cost = new(4096, 8, 1);

    /// <summary>Creates a network.</summary>
    /// <exception cref="NetworkCreationException">It cannot be; the message says why and nothing is
    /// left.</exception>
    public CreatedNetwork Create(NetworkOptions options)
    {
        Check(options);
        NetworkTemplate template = NetworkTemplateReader.Read(options.TemplateFolder);
        try
        {
            using var folder = new NewFolder(options.OutputFolder);
            bool sandbox = GenesisDocument.IsSandboxName(template.NetworkName);
            ImmutableArray<Validator> validators = [.. Enumerable.Range(1, options.Validators)
                .Select(i => CreateValidator(folder, options, i, sandbox))];
            IReadOnlyDictionary<string, Address> clients = CreateClientKeys(folder, template,
                options.Validators);
            GenesisDocument genesis = Genesis(template, validators, clients);
            Hash256 hash = genesis.Hash;
            folder.Write("genesis.json", GenesisFile.Write(genesis));
            folder.Write("genesis.hash", Encoding.ASCII.GetBytes(hash + "\n"));
            for (int i = 0; i < validators.Length; i++)
            {
                // Its only beginning: a node that finds no guard does not make one.
                byte[] guard = GuardState.Initial(hash, validators[i].Address).Encode();
                folder.WriteSecret($"node-{i + 1}/guard/vote.guard", GuardFile.Image(guard));
            }

            NetworkConfiguration.WriteContext(folder, options, genesis, Everybody(template, clients));
            return new CreatedNetwork(folder.Finish(), hash, template.ChainId, options.Validators);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NetworkCreationException($"Cannot write {options.OutputFolder}: {e.Message}", e);
        }
    }

    private static void Check(NetworkOptions options)
    {
        if (NetworkOptions.Problem(options.Validators, options.BasePort) is { } problem)
        {
            throw new NetworkCreationException(problem);
        }
    }

    private Validator CreateValidator(NewFolder folder, NetworkOptions options, int index, bool sandbox)
    {
        string name = NetworkConfiguration.ValidatorName(index);
        string node = $"node-{index}";
        byte[] password = NewPassword();
        folder.WriteSecret($"{node}/keys/password", password);
        Address voteKey = CreateKey(folder, $"{node}/keys/vote.json", password);
        CreateKey(folder, $"{node}/{BridgeSetup.SignerKey}", password);
        CreateKey(folder, $"{node}/{BridgeSetup.SenderKey}", password);

        var tls = TlsIdentity.Create(name, voteKey, time.GetUtcNow());
        folder.Write($"{node}/tls/cert.pem", Encoding.ASCII.GetBytes(tls.CertificatePem));
        folder.WriteSecret($"{node}/tls/key.pem", tls.KeyPem);
        CryptographicOperations.ZeroMemory(tls.KeyPem);
        NetworkConfiguration.WriteNode(folder, options, index, sandbox);
        return new Validator(name, voteKey, tls.KeyHash);
    }

    private static Dictionary<string, Address> CreateClientKeys(
        NewFolder folder, NetworkTemplate template, int validators)
    {
        byte[] password = NewPassword();
        folder.WriteSecret("client/password", password);
        IEnumerable<string> labels = template.Institutions
            .SelectMany(static institution => institution.Officers.Select(static officer => officer.Label))
            .Concat(template.Accounts.Select(static account => account.Label))
            .Concat(BridgeSetup.ClientKeys(validators));
        return labels.ToDictionary(
            static label => label,
            label => CreateKey(folder, $"client/keys/{label}.json", password),
            StringComparer.Ordinal);
    }

    private static Address CreateKey(NewFolder folder, string path, ReadOnlySpan<byte> password)
    {
        using var key = PrivateKey.Generate();
        folder.WriteSecret(path, Encoding.UTF8.GetBytes(Keystore.Encrypt(key, password, Cost)));
        return key.Address;
    }

    // No newline at the end: whoever reads the file needs not agree with whoever wrote it about trimming.
    private static byte[] NewPassword() =>
        Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32, lowercase: true));

    private GenesisDocument Genesis(
        NetworkTemplate template, ImmutableArray<Validator> validators,
        IReadOnlyDictionary<string, Address> keys) =>
        new(
            template.NetworkName,
            template.ChainId,
            new TimestampMs((ulong)time.GetUtcNow().ToUnixTimeMilliseconds()),
            template.Consensus,
            validators,
            [.. template.Institutions.Select(institution => new GenesisInstitution(
                institution.Id,
                institution.Kind,
                institution.Name,
                institution.NameUrdu,
                [.. institution.Officers.Select(officer =>
                    new GenesisOfficer(keys[officer.Label], officer.Duties, officer.Name))]))],
            [.. template.Accounts.Select(account => new GenesisAccount(
                keys[account.Label],
                account.Kind,
                account.Institution is { } label ? Labels.InstitutionId(label) : Address.Zero))],
            template.Assets,
            template.Policies);

    private static IEnumerable<KeyValuePair<string, Address>> Everybody(
        NetworkTemplate template, IReadOnlyDictionary<string, Address> keys)
    {
        foreach (TemplateInstitution institution in template.Institutions)
        {
            yield return KeyValuePair.Create(institution.Label, institution.Id);
            foreach (TemplateOfficer officer in institution.Officers)
            {
                yield return KeyValuePair.Create(officer.Label, keys[officer.Label]);
            }
        }

        foreach (TemplateAccount account in template.Accounts)
        {
            yield return KeyValuePair.Create(account.Label, keys[account.Label]);
        }

        foreach (string label in keys.Keys.Where(static label => BridgeSetup.IsLabel(label)))
        {
            yield return KeyValuePair.Create(label, keys[label]);
        }
    }
}
