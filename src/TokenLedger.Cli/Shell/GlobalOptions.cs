// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace TokenLedger.Cli.Shell;

/// <summary>Options that every command has.</summary>
internal sealed class GlobalOptions
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    public Option<string?> Context { get; } = new("--context")
    {
        Description = "Context file, or name of a saved context (else TL_CONTEXT, else the one in use).",
        HelpName = "FILE|NAME",
        Recursive = true,
    };

    public Option<string?> Endpoint { get; } = new("--endpoint")
    {
        Description = "Ask this node instead of the context's.",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> Ca { get; } = new("--ca")
    {
        Description = "PEM file of who vouches for https nodes (else the context's caFile, the system's).",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string> Output { get; } = Choice(
        "--output", "Form of the data on stdout.", "table", ["table", "json", "yaml", "ndjson"], "-o");

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Say nothing on stderr but errors.",
        Recursive = true,
    };

    public Option<string?> Timeout { get; } = new("--timeout")
    {
        Description = "How long to wait for the network, e.g. 30s or 2m (default 30s).",
        HelpName = "TIME",
        Recursive = true,
    };

    public Option<string?> From { get; } = new("--from")
    {
        Description = "Who signs: a keystore file, a label of the context, or an address.",
        HelpName = "KEY",
        Recursive = true,
    };

    public Option<string?> PasswordFile { get; } = new("--password-file")
    {
        Description = "File whose first line is the keystore's password (else the context's, else a prompt).",
        HelpName = "FILE",
        Recursive = true,
    };

    public IEnumerable<Option> All => [Context, Endpoint, Ca, Output, Quiet, Timeout, From, PasswordFile];

    private static Option<string> Choice(
        string name, string description, string otherwise, string[] values, params string[] aliases)
    {
        var option = new Option<string>(name, aliases)
        {
            Description = description,
            HelpName = string.Join('|', values),
            DefaultValueFactory = _ => otherwise,
            Recursive = true,
        };
        option.CompletionSources.Add(values);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var typed }, ..] && !values.Contains(typed))
            {
                result.AddError($"{name} is '{typed}'. Choose one of: {string.Join(", ", values)}.");
            }
        });
        return option;
    }
}
