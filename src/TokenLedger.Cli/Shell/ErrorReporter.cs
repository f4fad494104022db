// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;

namespace TokenLedger.Cli.Shell;

/// <summary>Prints failures on stderr: what happened, why, what to run next, the code. Never a stack
/// trace.</summary>
internal static class ErrorReporter
{
    public static void Report(CliEnvironment environment, OutputFormat format, CliException failure)
    {
        if (format != OutputFormat.Table)
        {
            var error = new JsonObject
            {
                ["code"] = failure.Code,
                ["exitCode"] = (int)failure.Exit,
                ["message"] = failure.Message,
                ["why"] = failure.Why,
                ["next"] = failure.Next,
            };
            var root = new JsonObject { ["error"] = error };
            environment.Error.WriteLine(
                format == OutputFormat.Yaml ? JsonText.Yaml(root) : JsonText.Compact(root));
            return;
        }

        int width = environment.Terminal.Width;
        DetailLines.Write(environment.Error, "error:", failure.Message, 6, width);
        if (failure.Why.Length > 0)
        {
            DetailLines.Write(environment.Error, "why:", failure.Why, 6, width);
        }

        if (failure.Next.Length > 0)
        {
            DetailLines.Write(environment.Error, "next:", failure.Next, 6, width);
        }

        DetailLines.Write(environment.Error, "code:", $"{failure.Code} (exit {(int)failure.Exit})", 6, width);
    }
}
