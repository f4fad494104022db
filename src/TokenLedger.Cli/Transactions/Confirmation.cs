// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;
using TokenLedger.Core;

namespace TokenLedger.Cli.Transactions;

/// <summary>
/// Nothing that cannot be taken back happens by accident. A person types what is about to happen; a script
/// names its
/// hash; outside production --yes or TL_YES=1 is enough.
/// </summary>
internal static class Confirmation
{
    /// <param name="session">Who is asked.</param>
    /// <param name="what">What is about to happen, for the question.</param>
    /// <param name="phrase">What the person must type.</param>
    /// <param name="digest">The hash that stands for it in scripts.</param>
    /// <param name="yes">--yes was passed.</param>
    /// <param name="confirmDigest">--confirm-digest as passed.</param>
    /// <exception cref="CliException">It was not confirmed.</exception>
    public static void Require(
        Session session, string what, string phrase, in Hash256 digest, bool yes, string? confirmDigest)
    {
        bool production = session.Context?.Production ?? false;
        if (confirmDigest is not null)
        {
            if (!Hash256.TryParse(confirmDigest, out Hash256 named) || named != digest)
            {
                throw NotConfirmed($"--confirm-digest is not the hash of this, which is {digest}.", "");
            }

            return;
        }

        bool assumed = yes || session.Environment.Variable("TL_YES") == "1";
        if (assumed && !production)
        {
            return;
        }

        if (yes)
        {
            throw NotConfirmed("--yes is refused on a production network.", $"--confirm-digest {digest}");
        }

        if (!session.Environment.Terminal.Input)
        {
            throw NotConfirmed(
                "Nobody is there to confirm it.",
                production ? $"--confirm-digest {digest}" : $"--confirm-digest {digest}, or --yes");
        }

        Ask(session, what, phrase, production);
    }

    private static void Ask(Session session, string what, string phrase, bool production)
    {
        string network = session.Context?.Name ?? "(no context)";
        if (production)
        {
            session.Talk.Alarm($"PRODUCTION network {network}");
        }
        else
        {
            session.Talk.Insist($"Network {network}");
        }

        session.Talk.Insist($"{what} This cannot be undone.");
        session.Environment.Error.Write($"Type \"{phrase}\" to confirm: ");
        session.Environment.Error.Flush();
        if (session.Environment.In.ReadLine()?.Trim() != phrase)
        {
            throw NotConfirmed("What was typed is not what was asked for.", "");
        }
    }

    private static CliException NotConfirmed(string why, string pass) => new(
        "NOT_CONFIRMED", ExitCode.NotConfirmed, "It was not confirmed; nothing was sent.", why,
        pass.Length == 0 ? "" : $"To confirm it in a script, pass {pass}.");
}
