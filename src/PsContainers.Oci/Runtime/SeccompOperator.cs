using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>How a system call's argument is compared; all comparisons are of unsigned 64-bit numbers.</summary>
[JsonConverter(typeof(SpecEnumConverter<SeccompOperator>))]
public enum SeccompOperator
{
    [JsonStringEnumMemberName("SCMP_CMP_NE")]
    NotEqual,

    [JsonStringEnumMemberName("SCMP_CMP_LT")]
    LessThan,

    [JsonStringEnumMemberName("SCMP_CMP_LE")]
    LessEqual,

    [JsonStringEnumMemberName("SCMP_CMP_EQ")]
    EqualTo,

    [JsonStringEnumMemberName("SCMP_CMP_GE")]
    GreaterEqual,

    [JsonStringEnumMemberName("SCMP_CMP_GT")]
    GreaterThan,

    [JsonStringEnumMemberName("SCMP_CMP_MASKED_EQ")]
    MaskedEqual,
}
