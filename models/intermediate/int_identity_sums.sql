{{ identity_sums(
    facts=ref('int_identity_facts'),
    key_terms=ref('int_identity_key_terms'),
    documents=ref('int_identity_documents'),
    identities=ref('identities'),
    terms=ref('identity_terms')
) }}
