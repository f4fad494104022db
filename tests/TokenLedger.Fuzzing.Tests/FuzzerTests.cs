// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Fuzzing.Targets;

namespace TokenLedger.Fuzzing.Tests;

/// <summary>Cases repeat exactly; each check can fail; the real parsers pass a few cases.</summary>
public sealed class FuzzerTests
{
    private const ulong Seed = 7;

    public static TheoryData<string> Parsers => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Input_SameSeedAndCase_IsTheSame(string parser)
    {
        var first = new Fuzzer(FuzzTargets.Named(parser), Seed);
        var second = new Fuzzer(FuzzTargets.Named(parser), Seed);
        for (ulong index = 0; index < 50; index++)
        {
            Assert.Equal(first.Input(index, out _), second.Input(index, out _));
        }

        Assert.Contains(Enumerable.Range(0, 50), index =>
            !first.Input((ulong)index, out _).AsSpan().SequenceEqual(
                new Fuzzer(FuzzTargets.Named(parser), Seed + 1).Input((ulong)index, out _)));
    }

    [Fact]
    public void Input_InAnotherProcess_IsTheSame()
    {
        byte[] here = new Fuzzer(FuzzTargets.Named("Certificate"), Seed).Input(5, out _);
        string output = Run("--parser", "Certificate", "--seed", $"{Seed}", "--case", "5");
        Assert.Contains(Convert.ToHexString(here), output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Campaign_FewCases_FindsNothingAndAcceptsEnough(string parser)
    {
        var output = new StringWriter();
        var campaign = new Campaign([FuzzTargets.Named(parser)], Seed, 1, output);
        Assert.True(campaign.Run(1_000, null) == 0, output.ToString());
    }

    [Fact]
    public void Run_UndeclaredException_IsAViolationThatCanBeReplayed()
    {
        FuzzTarget target = Text(
            bytes => bytes.Length > 3 ? throw new InvalidOperationException("x") : bytes);
        Assert.Contains("does not declare", Violation(target), StringComparison.Ordinal);
        var output = new StringWriter();
        Assert.Equal(1, new Campaign([target], Seed, 1, output).Run(100, null));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("violations ", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("violations 0", lines[^1], StringComparison.Ordinal);
        Assert.Contains(
            lines, line => line.Contains("--parser test --seed 7 --case ", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_DeclaredException_IsARefusal()
    {
        FuzzTarget target = Text(_ => throw new FormatException());
        Assert.NotEqual("", Violation(target));
        Assert.Equal("", Violation(target with { Declared = [typeof(FormatException)] }));
    }

    [Fact]
    public void Run_SecondSpelling_IsAViolation()
    {
        // White space around a number is dropped: two inputs, one value.
        FuzzTarget target = Text(bytes => Encoding.UTF8.GetString(bytes).Trim())
            with
        { Encode = value => Encoding.UTF8.GetBytes((string)value) };
        Assert.Contains("encodes to other bytes", Violation(target), StringComparison.Ordinal);
        Assert.Equal("", Violation(target with { Spelling = Spelling.Normal }));
    }

    [Fact]
    public void Run_TooMuchMemory_IsAViolation() => Assert.Contains(
        "allocated", Violation(Text(bytes => new byte[100_000 + bytes.Length])), StringComparison.Ordinal);

    [Fact]
    public void Judge_SlowCall_IsAViolation()
    {
        using var never = new ManualResetEventSlim();
        var fuzzer = new Fuzzer(
            Text(bytes => bytes is [0] ? never.Wait(Fuzzer.SlowestCall * 1.1) : null), Seed);
        Assert.Null(fuzzer.Judge([1]).Problem);
        Assert.Contains("took ", fuzzer.Judge([0]).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Campaign_ParserThatTakesNothing_IsVoid()
    {
        var output = new StringWriter();
        Assert.Equal(1, new Campaign([Text(_ => null)], Seed, 1, output).Run(1_000, null));
        Assert.Contains("VOID", output.ToString(), StringComparison.Ordinal);
    }

    private static string Violation(FuzzTarget target)
    {
        var fuzzer = new Fuzzer(target, Seed);
        for (ulong index = 0; index < 500; index++)
        {
            if (fuzzer.Run(index).Problem is { } problem)
            {
                return problem;
            }
        }

        return "";
    }

    private static FuzzTarget Text(Func<byte[], object?> decode) => new()
    {
        Name = "test",
        Shape = TextShape.Instance,
        Sample = g => Encoding.UTF8.GetBytes($"{g.Below(1000)}"),
        Decode = decode,
        Encode = value => value as byte[] ?? [],
        AllocatedPerByte = 1024,
    };

    private static string Run(params string[] args)
    {
        string program = typeof(Fuzzer).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        return output;
    }
}
